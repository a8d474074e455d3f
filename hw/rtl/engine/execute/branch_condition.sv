// The eleven conditions of RFC 9669 section 4.3, on 64 or 32 bits; combinational.
module branch_condition (
  input  logic [3:0]  op_i,      // ebpf_pkg::Jump*
  input  logic        is_64_i,
  input  logic [63:0] a_i,
  input  logic [63:0] b_i,
  output logic        taken_o
);
  // 32-bit comparisons use operands that are extended so that one 64-bit comparator serves both: by
  // sign for the signed ones, which orders unsigned 32-bit numbers wrongly, so those extend by
  // zero.
  logic        is_signed;
  logic [63:0] a, b;
  logic        equal, less_unsigned, less_signed, less;

  assign is_signed = op_i == ebpf_pkg::JumpSgt || op_i == ebpf_pkg::JumpSge ||
                     op_i == ebpf_pkg::JumpSlt || op_i == ebpf_pkg::JumpSle;
  assign a = is_64_i ? a_i : {{32{is_signed && a_i[31]}}, a_i[31:0]};
  assign b = is_64_i ? b_i : {{32{is_signed && b_i[31]}}, b_i[31:0]};

  assign equal         = a == b;
  assign less_unsigned = a < b;
  assign less_signed   = (a[63] != b[63]) ? a[63] : less_unsigned;
  assign less          = is_signed ? less_signed : less_unsigned;

  always_comb begin
    unique case (op_i)
      ebpf_pkg::JumpEq:                    taken_o = equal;
      ebpf_pkg::JumpNe:                    taken_o = !equal;
      ebpf_pkg::JumpSet:                   taken_o = (a & b) != 64'd0;
      ebpf_pkg::JumpGt, ebpf_pkg::JumpSgt: taken_o = !less && !equal;
      ebpf_pkg::JumpGe, ebpf_pkg::JumpSge: taken_o = !less;
      ebpf_pkg::JumpLt, ebpf_pkg::JumpSlt: taken_o = less;
      ebpf_pkg::JumpLe, ebpf_pkg::JumpSle: taken_o = less || equal;
      default:                             taken_o = 1'b0;
    endcase
  end
endmodule
