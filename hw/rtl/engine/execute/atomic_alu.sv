// The word that an atomic stores (RFC 9669 section 5.3); combinational.
module atomic_alu (
  input  logic [3:0]  op_i,        // ebpf_pkg::Atomic*
  input  logic        is_64_i,
  input  logic [63:0] old_i,       // zero-extended from 32 bits if !is_64_i
  input  logic [63:0] operand_i,   // src
  input  logic [63:0] expected_i,  // R0, for compare and exchange
  output logic [63:0] new_o,
  output logic        store_o
);
  always_comb begin
    store_o = 1'b1;
    unique case (op_i)
      ebpf_pkg::AtomicAdd: new_o = old_i + operand_i;
      ebpf_pkg::AtomicOr:  new_o = old_i | operand_i;
      ebpf_pkg::AtomicAnd: new_o = old_i & operand_i;
      ebpf_pkg::AtomicXor: new_o = old_i ^ operand_i;
      ebpf_pkg::AtomicCompareExchange: begin
        new_o   = operand_i;
        store_o = old_i[31:0] == expected_i[31:0] &&
                  (!is_64_i || old_i[63:32] == expected_i[63:32]);
      end
      default: new_o = operand_i;
    endcase
  end
endmodule
