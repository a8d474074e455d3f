// Division and remainder, signed or unsigned, 64 or 32 bits: restoring, one quotient bit a cycle.
//
// By zero the quotient is 0 and the remainder the dividend; signed results truncate towards zero,
// and the smallest number divided by -1 is itself, remainder 0 (RFC 9669 section 4.1). Latency from
// start_i to done_o: 35 cycles for 32 bits, 67 for 64, 3 by zero. The operands are taken with
// start_i, which also drops a division under way; the result holds from done_o until the next
// start.
//
//   start_i  _/^\_________________
//   done_o   ______________/^\____
//   result_o --------------< q >--
module divider (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        start_i,
  input  logic        is_64_i,
  input  logic        is_signed_i,
  input  logic        want_remainder_i,
  input  logic [63:0] dividend_i,
  input  logic [63:0] divisor_i,
  output logic        done_o,
  output logic [63:0] result_o
);
  localparam logic [1:0] StIdle    = 2'd0;
  localparam logic [1:0] StPrepare = 2'd1;   // signs off
  localparam logic [1:0] StDivide  = 2'd2;
  localparam logic [1:0] StFinish  = 2'd3;

  logic [1:0]  state_q, state_d;
  logic [6:0]  left_q, left_d;            // quotient bits to go
  logic [63:0] remainder_q, remainder_d;
  logic [63:0] quotient_q, quotient_d;    // dividend leaves at the top, quotient enters below
  logic [63:0] divisor_q, divisor_d;
  logic        negate_quotient_q, negate_quotient_d;
  logic        negate_remainder_q, negate_remainder_d;
  logic        is_64_q, is_64_d;
  logic        want_remainder_q, want_remainder_d;
  logic [63:0] result_q, result_d;
  logic        done_q, done_d;

  logic        is_signed_q, is_signed_d;
  logic        dividend_negative, divisor_negative;
  logic [63:0] dividend_wide, divisor_wide, dividend_abs, divisor_abs;
  logic [64:0] shifted, difference;

  // In StPrepare quotient_q and divisor_q hold the operands as they came.
  assign dividend_negative = is_signed_q && (is_64_q ? quotient_q[63] : quotient_q[31]);
  assign divisor_negative  = is_signed_q && (is_64_q ? divisor_q[63] : divisor_q[31]);
  assign dividend_wide     = is_64_q ? quotient_q : {{32{dividend_negative}}, quotient_q[31:0]};
  assign divisor_wide      = is_64_q ? divisor_q : {{32{divisor_negative}}, divisor_q[31:0]};
  assign dividend_abs      = dividend_negative ? -dividend_wide : dividend_wide;
  assign divisor_abs       = divisor_negative ? -divisor_wide : divisor_wide;

  assign shifted    = {remainder_q, quotient_q[63]};
  assign difference = shifted - {1'b0, divisor_q};

  logic [63:0] chosen, signed_result;
  logic        negate;
  assign chosen        = want_remainder_q ? remainder_q : quotient_q;
  assign negate        = want_remainder_q ? negate_remainder_q : negate_quotient_q;
  assign signed_result = negate ? -chosen : chosen;

  always_comb begin
    state_d            = state_q;
    left_d             = left_q;
    remainder_d        = remainder_q;
    quotient_d         = quotient_q;
    divisor_d          = divisor_q;
    negate_quotient_d  = negate_quotient_q;
    negate_remainder_d = negate_remainder_q;
    is_64_d            = is_64_q;
    is_signed_d        = is_signed_q;
    want_remainder_d   = want_remainder_q;
    result_d           = result_q;
    done_d             = 1'b0;
    unique case (state_q)
      StPrepare: begin
        state_d            = StDivide;
        remainder_d        = '0;
        quotient_d         = is_64_q ? dividend_abs : {dividend_abs[31:0], 32'd0};
        divisor_d          = divisor_abs;
        negate_quotient_d  = dividend_negative != divisor_negative;
        negate_remainder_d = dividend_negative;
        if (divisor_wide == 64'd0) begin
          state_d     = StFinish;
          remainder_d = dividend_abs;
          quotient_d  = '0;
        end
      end
      StDivide: begin
        left_d      = left_q - 7'd1;
        remainder_d = difference[64] ? shifted[63:0] : difference[63:0];
        quotient_d  = {quotient_q[62:0], !difference[64]};
        if (left_q == 7'd1) state_d = StFinish;
      end
      StFinish: begin
        result_d = is_64_q ? signed_result : {32'd0, signed_result[31:0]};
        done_d   = 1'b1;
        state_d  = StIdle;
      end
      default: state_d = StIdle;
    endcase
    if (start_i) begin
      state_d          = StPrepare;
      left_d           = is_64_i ? 7'd64 : 7'd32;
      quotient_d       = dividend_i;
      divisor_d        = divisor_i;
      is_64_d          = is_64_i;
      is_signed_d      = is_signed_i;
      want_remainder_d = want_remainder_i;
      done_d           = 1'b0;
    end
  end

  always_ff @(posedge clk_i or negedge rst_ni) begin
    if (!rst_ni) begin
      state_q            <= StIdle;
      left_q             <= '0;
      remainder_q        <= '0;
      quotient_q         <= '0;
      divisor_q          <= '0;
      negate_quotient_q  <= 1'b0;
      negate_remainder_q <= 1'b0;
      is_64_q            <= 1'b0;
      is_signed_q        <= 1'b0;
      want_remainder_q   <= 1'b0;
      result_q           <= '0;
      done_q             <= 1'b0;
    end else begin
      state_q            <= state_d;
      left_q             <= left_d;
      remainder_q        <= remainder_d;
      quotient_q         <= quotient_d;
      divisor_q          <= divisor_d;
      negate_quotient_q  <= negate_quotient_d;
      negate_remainder_q <= negate_remainder_d;
      is_64_q            <= is_64_d;
      is_signed_q        <= is_signed_d;
      want_remainder_q   <= want_remainder_d;
      result_q           <= result_d;
      done_q             <= done_d;
    end
  end

  assign done_o   = done_q;
  assign result_o = result_q;
endmodule
