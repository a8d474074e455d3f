// Queue that never fills: it is as deep as there can be answers under way. What is pushed can be
// popped in the same cycle.
module answer_queue #(
  parameter int Width = 64,
  localparam int Depth = 64
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             push_i,
  input  logic [Width-1:0] data_i,
  output logic             valid_o,
  input  logic             pop_i,
  output logic [Width-1:0] data_o
);
  localparam int IndexWidth = $clog2(Depth);

  logic [Width-1:0]      answers [Depth];
  logic [IndexWidth-1:0] first_q, next_q;
  logic                  stored;

  assign stored  = first_q != next_q;
  assign valid_o = stored || push_i;
  assign data_o  = stored ? answers[first_q] : data_i;

  always_ff @(posedge clk_i) begin
    if (push_i) answers[next_q] <= data_i;
  end
  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      first_q <= '0;
      next_q  <= '0;
    end else begin
      if (push_i) next_q <= next_q + IndexWidth'(1);
      if (pop_i) first_q <= first_q + IndexWidth'(1);
    end
  end
endmodule
