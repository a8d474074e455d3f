// WB: writes the register and reports the instruction on the retire port. Also keeps a copy of R0,
// which is the program's result and a compare-and-exchange's expected value.
module writeback_stage (
  input  logic              clk_i,
  input  logic              rst_ni,
  input  ebpf_pkg::result_t result_i,    // from memory's register

  output logic              write_o,
  output logic [5:0]        register_o,
  output logic [63:0]       value_o,

  input  logic              clear_r0_i,  // a new run
  output logic [63:0]       r0_o,

  output logic              retire_valid_o,
  output logic              retire_writes_register_o,
  output logic [3:0]        retire_register_o,
  output ebpf_pkg::retire_t retire_o
);
  logic [63:0] r0_q, r0_d;

  assign write_o    = result_i.valid && result_i.writes_rd;
  assign register_o = result_i.rd;
  assign value_o    = result_i.value;

  always_comb begin
    r0_d = r0_q;
    if (write_o && result_i.rd == 6'd0) r0_d = result_i.value;
    if (clear_r0_i) r0_d = '0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) r0_q <= '0;
    else r0_q <= r0_d;
  end
  assign r0_o = r0_q;

  assign retire_valid_o           = result_i.valid;
  assign retire_writes_register_o = write_o;
  assign retire_register_o        = result_i.rd_name;
  assign retire_o                 = result_i.retire;
endmodule
