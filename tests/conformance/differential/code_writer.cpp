#include "tests/conformance/differential/code_writer.h"

#include <algorithm>

namespace faisca::conformance {

using bpf::Form;

const bpf::Encoding& CodeWriter::pick_encoding(std::vector<Form> forms) {
  std::vector<const bpf::Encoding*> rows;
  for (const auto& row : bpf::encodings())
    if (std::find(forms.begin(), forms.end(), row.form) != forms.end()) rows.push_back(&row);
  return *random_.pick(rows);
}

void CodeWriter::arithmetic() {
  const auto& row = pick_encoding({Form::kAluImm, Form::kAluReg, Form::kUnary});
  bpf::Instruction i{.opcode = row.opcode, .dst = any(), .offset = row.offset, .imm = row.imm};
  if (row.form == Form::kAluReg) i.src = any();
  if (row.form == Form::kAluImm) {
    i.imm = imm();
    std::uint8_t op = row.opcode & 0xf0;
    bool shifts = op == 0x60 || op == 0x70 || op == 0xc0, divides = op == 0x30 || op == 0x90;
    if (dialect_ == Dialect::kKernel && shifts)
      i.imm &= bpf::class_of(row.opcode) == bpf::Class::kAlu64 ? 63 : 31;
    if (dialect_ == Dialect::kKernel && divides && i.imm == 0) i.imm = 3;
  }
  emit(i);
}

void CodeWriter::emit_constant(std::uint8_t dst, std::uint64_t value) {
  emit({.opcode = bpf::kOpLoad64, .dst = dst, .imm = static_cast<std::int32_t>(value)});
  emit({.imm = static_cast<std::int32_t>(value >> 32)});
}

void CodeWriter::load_constant() { emit_constant(any(), random_.value()); }

void CodeWriter::conditional_jump(std::int16_t distance) {
  const auto& row = pick_encoding({Form::kJumpImm, Form::kJumpReg});
  bpf::Instruction i{.opcode = row.opcode, .dst = any(), .offset = distance};
  if (row.form == Form::kJumpReg)
    i.src = any();
  else
    i.imm = imm();
  emit(i);
}

void CodeWriter::load(std::uint8_t base, std::int16_t offset) {
  emit({.opcode = pick_encoding({Form::kLoad}).opcode, .dst = any(), .src = base, .offset = offset});
}

void CodeWriter::store(std::uint8_t base, std::int16_t offset) {
  const auto& row = pick_encoding({Form::kStoreImm, Form::kStoreReg});
  bpf::Instruction i{.opcode = row.opcode, .dst = base, .offset = offset};
  if (row.form == Form::kStoreReg)
    i.src = any();
  else
    i.imm = imm();
  emit(i);
}

void CodeWriter::atomic(std::uint8_t base, std::int16_t offset) {
  const auto& row = pick_encoding({Form::kAtomic});
  emit({.opcode = row.opcode, .dst = base, .src = any(), .offset = offset, .imm = row.imm});
}

}  // namespace faisca::conformance
