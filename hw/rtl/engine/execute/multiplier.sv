// Low 64 bits of a 64 x 64 product from three 32 x 32 ones, two register levels for the DSP blocks.
//
// Latency: product_o is that of the operands of two cycles before. Throughput: one a cycle.
module multiplier (
  input  logic        clk_i,
  input  logic [63:0] a_i,
  input  logic [63:0] b_i,
  output logic [63:0] product_o
);
  logic [63:0] low_q;
  logic [31:0] cross_ab_q, cross_ba_q;
  logic [63:0] product_q;

  always_ff @(posedge clk_i) begin
    low_q      <= {32'd0, a_i[31:0]} * {32'd0, b_i[31:0]};
    cross_ab_q <= a_i[31:0] * b_i[63:32];
    cross_ba_q <= a_i[63:32] * b_i[31:0];
    product_q  <= low_q + {cross_ab_q + cross_ba_q, 32'd0};
  end

  assign product_o = product_q;
endmodule
