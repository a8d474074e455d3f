// The newest value of one operand: a result that has not reached the register file yet, or the
// register file's; combinational. The memory stage holds no load here that matches: decode_stage
// waits for it.
module forward (
  input  logic              reads_i,
  input  logic [5:0]        register_i,
  input  logic [63:0]       value_i,       // from the register file
  input  ebpf_pkg::result_t memory_i,      // one instruction ahead
  input  ebpf_pkg::result_t writeback_i,   // two ahead
  output logic [63:0]       value_o
);
  always_comb begin
    value_o = value_i;
    if (reads_i) begin
      if (memory_i.valid && memory_i.writes_rd && memory_i.rd == register_i) begin
        value_o = memory_i.value;
      end else if (writeback_i.valid && writeback_i.writes_rd && writeback_i.rd == register_i) begin
        value_o = writeback_i.value;
      end
    end
  end
endmodule
