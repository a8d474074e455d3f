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
  logic [31:0] offset, past;
  logic [31:0] region_bytes, window_begin, window_end;
  logic [3:0]  region;
  logic        allowed;

  assign offset = {4'd0, address_i[27:0]};
  assign past   = offset + (32'd1 << size_i);

  always_comb begin
    region       = '0;
    region_bytes = '0;
    window_begin = '0;
    window_end   = '1;
    unique case (address_i[31:28])
      faisca_regs_pkg::MemoryBase[31:28]: begin
        region[ebpf_pkg::RegionMemory] = 1'b1;
        region_bytes = MemoryBytes;
        window_begin = memory_begin_i;
        window_end   = memory_end_i;
      end
      faisca_regs_pkg::StackBase[31:28]: begin
        region[ebpf_pkg::RegionStack] = 1'b1;
        region_bytes = faisca_regs_pkg::StackBytes;
      end
      faisca_regs_pkg::DataBase[31:28]: begin
        region[ebpf_pkg::RegionData] = 1'b1;
        region_bytes = DataBytes;
        window_begin = data_begin_i;
        window_end   = data_end_i;
      end
      faisca_regs_pkg::ContextBase[31:28]: begin
        region[ebpf_pkg::RegionContext] = 1'b1;
        region_bytes = ContextBytes;
      end
      default: region = '0;
    endcase
  end

  assign allowed         = address_i[63:32] == 32'd0 && region != 4'd0 && past <= region_bytes &&
                           offset >= window_begin && past <= window_end;
  assign out_of_bounds_o = !allowed;
  assign read_only_o     = allowed && write_i && region[ebpf_pkg::RegionContext];
  assign region_o        = (allowed && !read_only_o) ? region : 4'd0;
endmodule
