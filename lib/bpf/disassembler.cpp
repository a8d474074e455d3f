#include "lib/bpf/disassembler.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <map>
#include <optional>
#include <set>

#include "lib/bpf/helpers.h"
#include "lib/bpf/isa.h"

namespace faisca::bpf {
namespace {

// How a program shows references; a lone instruction has none of it.
struct Names {
  const Program* program = nullptr;
  std::set<std::uint32_t> targets;  // slots that jumps go to

  std::string label(std::uint32_t slot) const {
    if (program != nullptr)
      for (const auto& function : program->functions)
        if (function.first == slot) return function.name;
    return "L" + std::to_string(slot);
  }
};

std::string hex(std::uint64_t value) {
  char buffer[24];
  std::snprintf(buffer, sizeof buffer, "0x%" PRIx64, value);
  return buffer;
}

std::string reg(std::uint8_t number, bool is_word = false) {
  return (is_word ? "w" : "r") + std::to_string(number);
}

std::string signed_offset(std::int64_t value) {
  return value < 0 ? " - " + std::to_string(-value) : " + " + std::to_string(value);
}

std::string distance(std::int64_t value) { return (value < 0 ? "" : "+") + std::to_string(value); }

std::string place(const Instruction& i, std::uint8_t base) {
  std::string type = "u" + std::to_string(8 * access_bytes(i.opcode));
  if (class_of(i.opcode) == Class::kLdx && (i.opcode & 0xe0) == 0x80) type[0] = 's';
  return "*(" + type + " *)(" + reg(base) + signed_offset(i.offset) + ")";
}

std::string alu(const Instruction& i, const Encoding& row) {
  bool is_word = class_of(i.opcode) == Class::kAlu;
  std::string dst = reg(i.dst, is_word);
  std::string src = row.form == Form::kAluReg ? reg(i.src, is_word) : std::to_string(i.imm);
  static constexpr const char* kOperators[] = {
      "+=", "-=", "*=", "/=", "|=", "&=", "<<=", ">>=", "", "%=", "^=", "=", "s>>="};
  std::uint8_t op = i.opcode >> 4;
  if (op == 0xb && i.offset != 0) return dst + " = (s" + std::to_string(i.offset) + ")" + src;
  std::string text = kOperators[op];
  if (i.offset == 1) text = "s" + text;
  return dst + " " + text + " " + src;
}

std::string unary(const Instruction& i, const Encoding& row) {
  bool is_word = i.opcode == 0x84;
  if (is_word || i.opcode == 0x87) return reg(i.dst, is_word) + " = -" + reg(i.dst, is_word);
  std::string name = row.name.starts_with("swap") ? "b" + row.name : row.name;
  return reg(i.dst) + " = " + name + " " + reg(i.dst);
}

std::string condition(const Instruction& i, const Encoding& row) {
  bool is_word = class_of(i.opcode) == Class::kJmp32;
  static constexpr const char* kOperators[] = {"",    "==", ">", ">=", "&",  "!=", "s>",
                                               "s>=", "",   "",  "<",  "<=", "s<", "s<="};
  std::string src = row.form == Form::kJumpReg ? reg(i.src, is_word) : std::to_string(i.imm);
  return "if " + reg(i.dst, is_word) + " " + kOperators[i.opcode >> 4] + " " + src + " goto ";
}

std::string atomic(const Instruction& i) {
  std::string where = place(i, i.dst), src = reg(i.src, access_bytes(i.opcode) == 4);
  if (i.imm == kAtomicExchange) return src + " = xchg " + where + ", " + src;
  if (i.imm == kAtomicCompareExchange) return "r0 = cmpxchg " + where + ", r0, " + src;
  const char* op = "+=";
  switch (i.imm & ~kAtomicFetch) {
    case kAtomicOr:
      op = "|=";
      break;
    case kAtomicAnd:
      op = "&=";
      break;
    case kAtomicXor:
      op = "^=";
      break;
    default:
      break;
  }
  std::string text = "lock " + where + " " + op + " " + src;
  return (i.imm & kAtomicFetch) != 0 ? src + " = fetch " + text : text;
}

std::string constant64(const Instruction& i, std::uint64_t next, const Names& names) {
  std::uint64_t value = static_cast<std::uint32_t>(i.imm) | (next >> 32) << 32;
  if (names.program != nullptr)
    for (const auto& map : names.program->maps)
      if (map.id == value) return reg(i.dst) + " = map[" + map.name + "]";
  return reg(i.dst) + " = " + hex(value) + " ll";
}

std::string call(const Instruction& i) {
  auto id = static_cast<std::uint32_t>(i.imm);
  const HelperInfo* helper = find_helper(id);
  return "call " +
         (helper == nullptr ? std::to_string(i.imm) : std::string(helper->name) + "#" + std::to_string(id));
}

std::string text_of(std::uint64_t slot, std::uint64_t next, std::optional<std::uint32_t> index,
                    const Names& names) {
  Instruction i = decode(slot);
  const Encoding* row = find_encoding(i);
  if (row == nullptr) return "unknown " + hex(slot);
  auto target = [&] {
    std::int64_t jump = jump_displacement(i, row->form);
    return index ? names.label(static_cast<std::uint32_t>(*index + 1 + jump)) : distance(jump);
  };
  switch (row->form) {
    case Form::kAluImm:
    case Form::kAluReg:
      return alu(i, *row);
    case Form::kUnary:
      return unary(i, *row);
    case Form::kJumpImm:
    case Form::kJumpReg:
      return condition(i, *row) + target();
    case Form::kJump:
      return "goto " + target();
    case Form::kJumpLong:
      return "gotol " + target();
    case Form::kCallHelper:
      return call(i);
    case Form::kCallLocal:
      return "call " + std::string(index ? "" : "pc") + target();
    case Form::kExit:
      return "exit";
    case Form::kLoad:
      return reg(i.dst) + " = " + place(i, i.src);
    case Form::kStoreImm:
      return place(i, i.dst) + " = " + std::to_string(i.imm);
    case Form::kStoreReg:
      return place(i, i.dst) + " = " + reg(i.src);
    case Form::kAtomic:
      return atomic(i);
    case Form::kLoad64:
      return constant64(i, next, names);
  }
  return "unknown " + hex(slot);
}

std::set<std::uint32_t> jump_targets(const Program& program) {
  std::set<std::uint32_t> targets;
  for (std::uint32_t pc = 0; pc < program.slots.size(); ++pc) {
    Instruction i = decode(program.slots[pc]);
    const Encoding* row = find_encoding(i);
    if (row == nullptr) continue;
    bool jumps = is_conditional_jump(row->form) || row->form == Form::kJump || row->form == Form::kJumpLong ||
                 row->form == Form::kCallLocal;
    if (jumps) targets.insert(static_cast<std::uint32_t>(pc + 1 + jump_displacement(i, row->form)));
    if (row->form == Form::kLoad64) ++pc;
  }
  return targets;
}

}  // namespace

std::string disassemble(std::uint64_t slot, std::uint64_t next) {
  return text_of(slot, next, std::nullopt, {});
}

std::string disassemble(const Program& program) {
  Names names{&program, jump_targets(program)};
  std::string text;
  char prefix[32];
  for (std::uint32_t pc = 0; pc < program.slots.size(); ++pc) {
    for (const auto& function : program.functions)
      if (function.first == pc) text += function.name + ":\n";
    std::string label = names.targets.contains(pc) ? names.label(pc) : "";
    bool is_function = !label.empty() && label[0] != 'L';
    std::snprintf(prefix, sizeof prefix, "%6s %5" PRIu32 ": ",
                  label.empty() || is_function ? "" : (label + ":").c_str(), pc);
    std::uint64_t next = pc + 1 < program.slots.size() ? program.slots[pc + 1] : 0;
    text += prefix + text_of(program.slots[pc], next, pc, names) + "\n";
    if (decode(program.slots[pc]).opcode == kOpLoad64) ++pc;
  }
  return text;
}

std::string disassemble_around(std::span<const std::uint64_t> slots, std::uint32_t index,
                               std::uint32_t lines) {
  std::string text;
  std::uint32_t first = index > lines ? index - lines : 0;
  auto last = static_cast<std::uint32_t>(std::min<std::size_t>(slots.size(), std::size_t{index} + lines + 1));
  for (std::uint32_t pc = first; pc < last; ++pc) {
    bool is_second_half = pc > 0 && slots[pc - 1] % 256 == kOpLoad64 && decode(slots[pc]).opcode == 0;
    if (is_second_half) continue;
    std::uint64_t next = pc + 1 < slots.size() ? slots[pc + 1] : 0;
    text += (pc == index ? "→ " : "  ") + std::to_string(pc) + ": " + disassemble(slots[pc], next) + "\n";
  }
  return text;
}

}  // namespace faisca::bpf
