// Where local calls return to, and how deep they are. R6-R9 live in the register file, one set a
// frame.
//
// A call takes effect on return_pc_o and frame_o in the next cycle.
module frame_stack (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        clear_i,       // a new run
  input  logic        call_i,
  input  logic [31:0] return_pc_i,
  input  logic        return_i,
  output logic [2:0]  frame_o,       // 0 is the entry's
  output logic [31:0] return_pc_o
);
  logic [31:0] return_pcs [8];
  logic [2:0]  frame_q, frame_d;

  always_comb begin
    frame_d = frame_q;
    if (call_i) frame_d = frame_q + 3'd1;
    if (return_i) frame_d = frame_q - 3'd1;
    if (clear_i) frame_d = '0;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) frame_q <= '0;
    else frame_q <= frame_d;
  end

  always_ff @(posedge clk_i) begin
    if (call_i) return_pcs[frame_q] <= return_pc_i;
  end

  assign frame_o     = frame_q;
  assign return_pc_o = return_pcs[frame_q - 3'd1];
endmodule
