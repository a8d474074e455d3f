// Whether an access lies in memory that the run may touch; combinational, on registered inputs.
//
// A region is bits [31:28] of the address. Packet: from its metadata to its end. Data: the
// program's window. Stack: all frames. Context: struct xdp_md, read-only. Atomics are for data.
module access_window (
  input  logic [31:0] address_i,
  input  logic        high_i,         // bits above 31 are not zero
  input  logic [1:0]  size_i,         // log2 of the bytes
  input  logic        store_i,
  input  logic        atomic_i,
  input  logic [10:0] packet_begin_i, // offsets in the slot
  input  logic [10:0] packet_end_i,
  input  logic [23:0] data_begin_i,   // offsets in the data region
  input  logic [23:0] data_end_i,
  output logic        packet_o,       // which region, whatever the bounds say
  output logic        data_o,
  output logic [2:0]  fault_o         // regs FAULT_*
);
  localparam logic [11:0] ContextBytes = 12'd24;

  logic [3:0]  bytes;
  logic [27:0] offset;
  logic [24:0] last;             // one past the access
  logic        fits;

  assign bytes  = 4'd1 << size_i;
  assign offset = address_i[27:0];
  assign last   = {1'b0, offset[23:0]} + 25'(bytes);

  assign packet_o = address_i[31:28] == faisca_regs_pkg::MemoryBase[31:28];
  assign data_o   = address_i[31:28] == faisca_regs_pkg::DataBase[31:28];

  always_comb begin
    unique case (address_i[31:28])
      faisca_regs_pkg::MemoryBase[31:28]:
        fits = offset[27:11] == 17'd0 && offset[10:0] >= packet_begin_i &&
               last[11:0] <= {1'b0, packet_end_i};
      faisca_regs_pkg::StackBase[31:28]:
        fits = offset[27:12] == 16'd0 && last[12:0] <= 13'd4096;
      faisca_regs_pkg::DataBase[31:28]:
        fits = offset[27:24] == 4'd0 && offset[23:0] >= data_begin_i &&
               last <= {1'b0, data_end_i};
      faisca_regs_pkg::ContextBase[31:28]:
        fits = offset[27:11] == 17'd0 && last[11:0] <= ContextBytes;
      default: fits = 1'b0;
    endcase
    fault_o = faisca_regs_pkg::FaultNone;
    if (high_i || !fits) fault_o = faisca_regs_pkg::FaultOutOfBounds;
    else if (store_i && address_i[31:28] == faisca_regs_pkg::ContextBase[31:28]) begin
      fault_o = faisca_regs_pkg::FaultReadOnly;
    end else if (atomic_i && !data_o) fault_o = faisca_regs_pkg::FaultIllegalInstruction;
  end
endmodule
