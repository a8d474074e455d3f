// Answers on their way to a bus channel.
//
// room_o says whether another access may begin: answers under way (reserve_i until push_i) and
// stored ones together never exceed Depth. An answer that leaves in this cycle counts as gone.
module response_fifo #(
  parameter int Width = 33,
  parameter int Depth = 4,
  localparam int IndexWidth = $clog2(Depth)
) (
  input  logic             clk_i,
  input  logic             rst_ni,
  input  logic             reserve_i,    // one push_i will follow
  output logic             room_o,
  input  logic             push_i,
  input  logic [Width-1:0] data_i,
  output logic             valid_o,
  input  logic             ready_i,
  output logic [Width-1:0] data_o
);
  localparam logic [IndexWidth:0] Full = (IndexWidth + 1)'(Depth);

  logic [Width-1:0]      answers [Depth];
  logic [IndexWidth-1:0] first_q, next_q;
  logic [IndexWidth:0]   stored_q, claimed_q;   // claimed: stored or under way
  logic                  pop;

  assign valid_o = stored_q != '0;
  assign data_o  = answers[first_q];
  assign pop     = valid_o && ready_i;
  assign room_o  = claimed_q != Full || pop;

  always_ff @(posedge clk_i) begin
    if (push_i) answers[next_q] <= data_i;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      first_q   <= '0;
      next_q    <= '0;
      stored_q  <= '0;
      claimed_q <= '0;
    end else begin
      first_q   <= first_q + IndexWidth'(pop);
      next_q    <= next_q + IndexWidth'(push_i);
      stored_q  <= stored_q + (IndexWidth + 1)'(push_i) - (IndexWidth + 1)'(pop);
      claimed_q <= claimed_q + (IndexWidth + 1)'(reserve_i) - (IndexWidth + 1)'(pop);
    end
  end

  if (Depth < 2 || (Depth & (Depth - 1)) != 0) begin : gen_bad_depth
    $error("response_fifo: Depth must be a power of two, at least 2");
  end
endmodule
