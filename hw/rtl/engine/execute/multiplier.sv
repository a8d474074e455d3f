// Low 64 bits of a 64 x 64 product from three 32 x 32 ones, with the register levels that DSP
// blocks have: operands, partial products, sum.
//
// Latency: product_o is that of the operands of three cycles before. Throughput: one a cycle.
module multiplier (
  input  logic        clk_i,
  input  logic [63:0] a_i,
  input  logic [63:0] b_i,
  output logic [63:0] product_o
);
  logic [63:0] a_q, b_q;
  logic [63:0] low_q;
  logic [31:0] cross_ab_q, cross_ba_q;
  logic [63:0] product_q;

  always_ff @(posedge clk_i) begin
    a_q        <= a_i;
    b_q        <= b_i;
    low_q      <= {32'd0, a_q[31:0]} * {32'd0, b_q[31:0]};
    cross_ab_q <= a_q[31:0] * b_q[63:32];
    cross_ba_q <= a_q[63:32] * b_q[31:0];
    product_q  <= low_q + {cross_ab_q + cross_ba_q, 32'd0};
  end

  assign product_o = product_q;
endmodule
