// Arithmetic, logic, shifts, moves, sign extension and byte order of RFC 9669 section 4;
// combinational. A 32-bit result is zero-extended. Shift amounts use the low 6 (5) bits.
module alu (
  input  logic [3:0]  op_i,      // ebpf_pkg::Alu*
  input  logic        is_64_i,
  input  logic [1:0]  size_i,    // for AluSignExt, AluSwap, AluZeroExt: log2 of the bytes
  input  logic [63:0] a_i,
  input  logic [63:0] b_i,
  output logic [63:0] result_o
);
  // Shifts: one right shifter; the left shift reverses its input and output.
  logic [5:0]  amount;
  logic        left, fill;
  logic [63:0] shift_source, shift_in, shift_out, shifted;

  assign amount = is_64_i ? b_i[5:0] : {1'b0, b_i[4:0]};
  assign left   = op_i == ebpf_pkg::AluLsh;
  assign fill   = op_i == ebpf_pkg::AluArsh && (is_64_i ? a_i[63] : a_i[31]);

  assign shift_source = is_64_i ? a_i : {{32{fill}}, a_i[31:0]};
  logic [63:0] source_reversed, out_reversed;
  bit_reverse u_reverse_source (
    .value_i(shift_source),
    .value_o(source_reversed)
  );
  bit_reverse u_reverse_out (
    .value_i(shift_out),
    .value_o(out_reversed)
  );
  assign shift_in     = left ? source_reversed : shift_source;
  assign shift_out    = 64'($signed({fill, shift_in}) >>> amount);
  assign shifted      = left ? out_reversed : shift_out;

  // Moves that keep the low bytes of B (sign) or A (zero).
  logic [63:0] sign_extended, zero_extended, swapped;
  always_comb begin
    unique case (size_i)
      2'd0:    sign_extended = {{56{b_i[7]}}, b_i[7:0]};
      2'd1:    sign_extended = {{48{b_i[15]}}, b_i[15:0]};
      default: sign_extended = {{32{b_i[31]}}, b_i[31:0]};
    endcase
    unique case (size_i)
      2'd1: begin
        zero_extended = {48'd0, a_i[15:0]};
        swapped       = {48'd0, a_i[7:0], a_i[15:8]};
      end
      2'd2: begin
        zero_extended = {32'd0, a_i[31:0]};
        swapped       = {32'd0, a_i[7:0], a_i[15:8], a_i[23:16], a_i[31:24]};
      end
      default: begin
        zero_extended = a_i;
        swapped       = {a_i[7:0], a_i[15:8], a_i[23:16], a_i[31:24],
                         a_i[39:32], a_i[47:40], a_i[55:48], a_i[63:56]};
      end
    endcase
  end

  logic [63:0] result;
  always_comb begin
    unique case (op_i)
      ebpf_pkg::AluAdd:     result = a_i + b_i;
      ebpf_pkg::AluSub:     result = a_i - b_i;
      ebpf_pkg::AluOr:      result = a_i | b_i;
      ebpf_pkg::AluAnd:     result = a_i & b_i;
      ebpf_pkg::AluXor:     result = a_i ^ b_i;
      ebpf_pkg::AluNeg:     result = -a_i;
      ebpf_pkg::AluMov:     result = b_i;
      ebpf_pkg::AluLsh,
      ebpf_pkg::AluRsh,
      ebpf_pkg::AluArsh:    result = shifted;
      ebpf_pkg::AluSignExt: result = sign_extended;
      ebpf_pkg::AluSwap:    result = swapped;
      ebpf_pkg::AluZeroExt: result = zero_extended;
      default:              result = b_i;
    endcase
    result_o = is_64_i ? result : {32'd0, result[31:0]};
  end
endmodule
