// The newest value of one operand: a result that has not reached the register file yet, or what
// decode read; combinational. No load in the memory stage matches: packet_decode waits for it.
module operand_forward (
  input  logic        reads_i,
  input  logic [5:0]  register_i,
  input  logic [63:0] value_i,
  input  logic        memory_valid_i,     // one instruction ahead writes memory_rd_i
  input  logic [5:0]  memory_rd_i,
  input  logic [63:0] memory_value_i,
  input  logic        write_valid_i,      // two ahead
  input  logic [5:0]  write_rd_i,
  input  logic [63:0] write_value_i,
  output logic [63:0] value_o
);
  logic from_memory, from_write;
  assign from_memory = reads_i && memory_valid_i && memory_rd_i == register_i;
  assign from_write  = reads_i && write_valid_i && write_rd_i == register_i;
  assign value_o     = from_memory ? memory_value_i : from_write ? write_value_i : value_i;
endmodule
