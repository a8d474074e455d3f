// Which region an access is in, and whether all of its bytes may be touched; combinational.
//
// A region is bits [31:28] of the address; memory and data are limited further to the run's window.
// The upper 32 bits must be zero. Address 0 is in no region, so null pointers fault.
module address_check #(
  parameter int MemoryBytes  = 65536,
  parameter int DataBytes    = 262144,
  parameter int ContextBytes = 64
) (
  input  logic [63:0] address_i,
  input  logic [1:0]  size_i,           // log2 of the bytes
  input  logic        write_i,
  input  logic [31:0] memory_begin_i,   // window: first offset, and offset past the last
  input  logic [31:0] memory_end_i,
  input  logic [31:0] data_begin_i,
  input  logic [31:0] data_end_i,
  output logic [3:0]  region_o,         // one-hot, ebpf_pkg::Region*; 0 if not accessible
  output logic        out_of_bounds_o,
  output logic        read_only_o
);
  logic [31:0] offset, bytes;
  assign offset = {4'd0, address_i[27:0]};
  assign bytes  = 32'd1 << size_i;

  // The last offset at which an access of this size fits: known before the address is, so that only
  // one comparison waits for the address. Each region has its own; the address chooses among them.
  logic [31:0] memory_limit, data_limit;
  logic [3:0]  fits;

  assign memory_limit = (memory_end_i < MemoryBytes) ? memory_end_i : MemoryBytes;
  assign data_limit   = (data_end_i < DataBytes) ? data_end_i : DataBytes;

  always_comb begin
    fits[ebpf_pkg::RegionMemory]  = memory_limit >= bytes && offset <= memory_limit - bytes &&
                                    offset >= memory_begin_i;
    fits[ebpf_pkg::RegionStack]   = offset <= faisca_regs_pkg::StackBytes - bytes;
    fits[ebpf_pkg::RegionData]    = data_limit >= bytes && offset <= data_limit - bytes &&
                                    offset >= data_begin_i;
    fits[ebpf_pkg::RegionContext] = offset <= ContextBytes - bytes;
  end

  logic [3:0] region;
  logic       allowed;

  always_comb begin
    region = '0;
    unique case (address_i[31:28])
      faisca_regs_pkg::MemoryBase[31:28]:  region[ebpf_pkg::RegionMemory] = 1'b1;
      faisca_regs_pkg::StackBase[31:28]:   region[ebpf_pkg::RegionStack] = 1'b1;
      faisca_regs_pkg::DataBase[31:28]:    region[ebpf_pkg::RegionData] = 1'b1;
      faisca_regs_pkg::ContextBase[31:28]: region[ebpf_pkg::RegionContext] = 1'b1;
      default:                             region = '0;
    endcase
  end

  assign allowed         = address_i[63:32] == 32'd0 && (region & fits) != 4'd0;
  assign out_of_bounds_o = !allowed;
  assign read_only_o     = allowed && write_i && region[ebpf_pkg::RegionContext];
  assign region_o        = (allowed && !read_only_o) ? region : 4'd0;
endmodule
