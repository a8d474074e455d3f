// Multiply and divide for the engines of a port, one operation at a time: packet programs do both
// rarely.
//
// An engine holds valid and its operands until its done. Latency from valid: multiply 6 cycles,
// divide as the divider and 2; an engine that does not get its turn waits for others.
module arithmetic_unit #(
  parameter int Engines = 8
) (
  input  logic                  clk_i,
  input  logic                  rst_ni,
  input  logic [Engines-1:0]    valid_i,
  input  logic [Engines-1:0]    divide_i,
  input  logic [Engines-1:0]    is_64_i,
  input  logic [Engines-1:0]    is_signed_i,
  input  logic [Engines-1:0]    remainder_i,
  input  logic [Engines*64-1:0] a_i,
  input  logic [Engines*64-1:0] b_i,
  output logic [Engines-1:0]    done_o,       // with result_o, one cycle
  output logic [63:0]           result_o
);
  localparam int EngineWidth = (Engines > 1) ? $clog2(Engines) : 1;
  localparam logic [2:0] MultiplyCycles = 3'd4;

  logic                   busy_q, start_q, divide_q, is_64_q, is_signed_q, remainder_q, done_q;
  logic [EngineWidth-1:0] engine_q, chosen;
  logic [2:0]             count_q;
  logic [63:0]            a_q, b_q, product, quotient;
  logic                   divide_done, done;

  // The first waiting engine after the last one served.
  always_comb begin
    chosen = engine_q;
    for (int i = Engines; i > 0; i--) begin
      if (valid_i[(32'(engine_q) + i) % Engines]) begin
        chosen = EngineWidth'((32'(engine_q) + i) % Engines);
      end
    end
  end

  multiplier u_multiplier (
    .clk_i    (clk_i),
    .a_i      (a_q),
    .b_i      (b_q),
    .product_o(product)
  );
  divider u_divider (
    .clk_i           (clk_i),
    .rst_ni          (rst_ni),
    .start_i         (start_q && divide_q),
    .is_64_i         (is_64_q),
    .is_signed_i     (is_signed_q),
    .want_remainder_i(remainder_q),
    .dividend_i      (a_q),
    .divisor_i       (b_q),
    .done_o          (divide_done),
    .result_o        (quotient)
  );
  assign done     = busy_q && !start_q && (divide_q ? divide_done : count_q == MultiplyCycles);
  assign result_o = divide_q ? quotient : is_64_q ? product : {32'd0, product[31:0]};
  always_comb begin
    done_o           = '0;
    done_o[engine_q] = done;
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      busy_q   <= 1'b0;
      start_q  <= 1'b0;
      done_q   <= 1'b0;
      engine_q <= '0;
      count_q  <= '0;
    end else begin
      start_q <= 1'b0;
      done_q  <= done;
      count_q <= count_q + 3'd1;
      // In the cycle after done the engine's request is still that of before, or a new one's first.
      if (!busy_q && !done_q && valid_i != '0) begin
        busy_q   <= 1'b1;
        start_q  <= 1'b1;
        engine_q <= chosen;
        count_q  <= '0;
      end else if (done) begin
        busy_q <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    if (!busy_q && valid_i != '0) begin
      divide_q    <= divide_i[chosen];
      is_64_q     <= is_64_i[chosen];
      is_signed_q <= is_signed_i[chosen];
      remainder_q <= remainder_i[chosen];
      a_q         <= a_i[64*chosen +: 64];
      b_q         <= b_i[64*chosen +: 64];
    end
  end
endmodule
