#include "lib/bpf/isa.h"

#include <array>
#include <tuple>
#include <vector>

namespace faisca::bpf {
namespace {

constexpr std::uint8_t kReg = 0x08;

struct Operation {
  const char* name;
  std::uint8_t code;
};

constexpr Operation kAluOperations[] = {{"add", 0x00}, {"sub", 0x10}, {"or", 0x40},
                                        {"and", 0x50}, {"lsh", 0x60}, {"rsh", 0x70},
                                        {"xor", 0xa0}, {"mov", 0xb0}, {"arsh", 0xc0}};
constexpr Operation kDivmulOperations[] = {{"mul", 0x20}, {"div", 0x30}, {"mod", 0x90}};
constexpr Operation kSignedDivmulOperations[] = {{"sdiv", 0x30}, {"smod", 0x90}};
constexpr Operation kJumpOperations[] = {{"jeq", 0x10}, {"jgt", 0x20},  {"jge", 0x30},  {"jset", 0x40},
                                         {"jne", 0x50}, {"jsgt", 0x60}, {"jsge", 0x70}, {"jlt", 0xa0},
                                         {"jle", 0xb0}, {"jslt", 0xc0}, {"jsle", 0xd0}};
constexpr Operation kSizes[] = {{"w", 0x00}, {"h", 0x08}, {"b", 0x10}, {"dw", 0x18}};
constexpr Operation kAtomicOperations[] = {{"add", 0x00}, {"or", 0x40}, {"and", 0x50}, {"xor", 0xa0}};

// Adds the immediate and the register form of an ALU operation, both widths.
void add_alu(std::vector<Encoding>& rows, const Operation& op, Group narrow, Group wide,
             std::int16_t offset = 0) {
  auto code = [&](int bits) { return static_cast<std::uint8_t>(op.code | bits); };
  std::string name = op.name;
  rows.push_back({code(0x04), Form::kAluImm, narrow, name + "32", offset, 0});
  rows.push_back({code(0x04 | kReg), Form::kAluReg, narrow, name + "32", offset, 0});
  rows.push_back({code(0x07), Form::kAluImm, wide, name, offset, 0});
  rows.push_back({code(0x07 | kReg), Form::kAluReg, wide, name, offset, 0});
}

void add_arithmetic(std::vector<Encoding>& rows) {
  for (const auto& op : kAluOperations) add_alu(rows, op, Group::kBase32, Group::kBase64);
  for (const auto& op : kDivmulOperations) add_alu(rows, op, Group::kDivmul32, Group::kDivmul64);
  for (const auto& op : kSignedDivmulOperations) add_alu(rows, op, Group::kDivmul32, Group::kDivmul64, 1);
  rows.push_back({0x84, Form::kUnary, Group::kBase32, "neg32"});
  rows.push_back({0x87, Form::kUnary, Group::kBase64, "neg"});
  for (std::int16_t width : {8, 16})
    rows.push_back({0xbc, Form::kAluReg, Group::kBase32, "movsx" + std::to_string(width) + "32", width});
  for (std::int16_t width : {8, 16, 32})
    rows.push_back({0xbf, Form::kAluReg, Group::kBase64, "movsx" + std::to_string(width) + "64", width});
  for (std::int32_t width : {16, 32, 64}) {
    Group group = width == 64 ? Group::kBase64 : Group::kBase32;
    rows.push_back({0xd4, Form::kUnary, group, "le" + std::to_string(width), 0, width});
    rows.push_back({0xdc, Form::kUnary, group, "be" + std::to_string(width), 0, width});
    rows.push_back({0xd7, Form::kUnary, group, "swap" + std::to_string(width), 0, width});
  }
}

void add_jumps(std::vector<Encoding>& rows) {
  for (const auto& op : kJumpOperations) {
    auto code = [&](int bits) { return static_cast<std::uint8_t>(op.code | bits); };
    std::string name = op.name;
    rows.push_back({code(0x05), Form::kJumpImm, Group::kBase64, name});
    rows.push_back({code(0x05 | kReg), Form::kJumpReg, Group::kBase64, name});
    rows.push_back({code(0x06), Form::kJumpImm, Group::kBase32, name + "32"});
    rows.push_back({code(0x06 | kReg), Form::kJumpReg, Group::kBase32, name + "32"});
  }
  rows.push_back({kOpJump, Form::kJump, Group::kBase32, "ja"});
  rows.push_back({kOpJumpLong, Form::kJumpLong, Group::kBase32, "ja32"});
  rows.push_back({kOpCall, Form::kCallHelper, Group::kBase32, "call"});
  rows.push_back({kOpCall, Form::kCallLocal, Group::kBase32, "call local"});
  rows.push_back({kOpExit, Form::kExit, Group::kBase32, "exit"});
}

void add_memory(std::vector<Encoding>& rows) {
  for (const auto& size : kSizes) {
    auto code = [&](int bits) { return static_cast<std::uint8_t>(size.code | bits); };
    std::string name = size.name;
    Group group = size.code == 0x18 ? Group::kBase64 : Group::kBase32;
    rows.push_back({code(0x61), Form::kLoad, group, "ldx" + name});
    rows.push_back({code(0x62), Form::kStoreImm, group, "st" + name});
    rows.push_back({code(0x63), Form::kStoreReg, group, "stx" + name});
    if (size.code != 0x18) rows.push_back({code(0x81), Form::kLoad, Group::kBase64, "ldxs" + name});
  }
  rows.push_back({kOpLoad64, Form::kLoad64, Group::kBase64, "lddw"});
}

void add_atomics(std::vector<Encoding>& rows) {
  for (auto [opcode, group, suffix] :
       {std::tuple{kOpAtomic32, Group::kAtomic32, "32"}, std::tuple{kOpAtomic64, Group::kAtomic64, ""}}) {
    for (const auto& op : kAtomicOperations) {
      std::string name = std::string(op.name) + suffix;
      rows.push_back({opcode, Form::kAtomic, group, "lock " + name, 0, op.code});
      rows.push_back({opcode, Form::kAtomic, group, "lock fetch " + name, 0, op.code | kAtomicFetch});
    }
    rows.push_back({opcode, Form::kAtomic, group, std::string("lock xchg") + suffix, 0, kAtomicExchange});
    rows.push_back(
        {opcode, Form::kAtomic, group, std::string("lock cmpxchg") + suffix, 0, kAtomicCompareExchange});
  }
}

const std::vector<Encoding>& table() {
  static const std::vector<Encoding> rows = [] {
    std::vector<Encoding> all;
    add_arithmetic(all);
    add_jumps(all);
    add_memory(all);
    add_atomics(all);
    return all;
  }();
  return rows;
}

// Rows of each opcode, as the table's order keeps variants apart.
const std::vector<const Encoding*>& rows_of(std::uint8_t opcode) {
  static const auto index = [] {
    std::array<std::vector<const Encoding*>, 256> by_opcode;
    for (const auto& row : table()) by_opcode[row.opcode].push_back(&row);
    return by_opcode;
  }();
  return index[opcode];
}

enum class Use { kZero, kRegister, kWritable, kFixed, kAny };

struct FieldUse {
  Use dst, src, offset, imm;
};

FieldUse field_use(Form form) {
  switch (form) {
    case Form::kAluImm:
      return {Use::kWritable, Use::kZero, Use::kFixed, Use::kAny};
    case Form::kAluReg:
      return {Use::kWritable, Use::kRegister, Use::kFixed, Use::kZero};
    case Form::kUnary:
      return {Use::kWritable, Use::kZero, Use::kZero, Use::kFixed};
    case Form::kJumpImm:
      return {Use::kRegister, Use::kZero, Use::kAny, Use::kAny};
    case Form::kJumpReg:
      return {Use::kRegister, Use::kRegister, Use::kAny, Use::kZero};
    case Form::kJump:
      return {Use::kZero, Use::kZero, Use::kAny, Use::kZero};
    case Form::kJumpLong:
      return {Use::kZero, Use::kZero, Use::kZero, Use::kAny};
    case Form::kCallHelper:
    case Form::kCallLocal:
      return {Use::kZero, Use::kAny, Use::kZero, Use::kAny};
    case Form::kExit:
      return {Use::kZero, Use::kZero, Use::kZero, Use::kZero};
    case Form::kLoad:
      return {Use::kWritable, Use::kRegister, Use::kAny, Use::kZero};
    case Form::kStoreImm:
      return {Use::kRegister, Use::kZero, Use::kAny, Use::kAny};
    case Form::kStoreReg:
      return {Use::kRegister, Use::kRegister, Use::kAny, Use::kZero};
    case Form::kAtomic:
      return {Use::kRegister, Use::kRegister, Use::kAny, Use::kFixed};
    case Form::kLoad64:
      return {Use::kWritable, Use::kZero, Use::kZero, Use::kAny};
  }
  return {};
}

std::string check_register(const char* field, std::uint8_t value, Use use) {
  std::string name = "r" + std::to_string(value);
  if (use == Use::kZero && value != 0)
    return std::string(field) + " is unused and must be 0, is " + std::to_string(value);
  if ((use == Use::kRegister || use == Use::kWritable) && value >= kRegisters)
    return "register " + name + " does not exist";
  if (use == Use::kWritable && value == kFramePointer) return "r10 is read-only";
  return "";
}

std::string check_number(const char* field, std::int64_t value, Use use, std::int64_t fixed) {
  if (use == Use::kZero && value != 0)
    return std::string(field) + " is unused and must be 0, is " + std::to_string(value);
  if (use == Use::kFixed && value != fixed)
    return std::string(field) + " " + std::to_string(value) + " selects no operation";
  return "";
}

// What keeps `instruction` from being an instance of `row`; empty if nothing does.
std::string mismatch(const Instruction& instruction, const Encoding& row) {
  FieldUse use = field_use(row.form);
  // The field that selects the variant comes first, so that the last row's complaint is about what really
  // differs.
  if (auto text = check_number("offset", instruction.offset, use.offset, row.offset); !text.empty())
    return text;
  if (auto text = check_number("imm", instruction.imm, use.imm, row.imm); !text.empty()) return text;
  if (row.form == Form::kCallHelper && instruction.src != kCallHelper) return "src selects another call";
  if (row.form == Form::kCallLocal && instruction.src != kCallLocal) {
    if (instruction.src == kCallBtf) return "calls by BTF id (src 2) are not available on the device";
    return "src " + std::to_string(instruction.src) + " selects no kind of call";
  }
  if (row.form == Form::kLoad64 && instruction.src != 0)
    return "lddw with src " + std::to_string(instruction.src) +
           " is not resolved: load the object through the loader";
  if (auto text = check_register("dst", instruction.dst, use.dst); !text.empty()) return text;
  if (auto text = check_register("src", instruction.src, use.src); !text.empty()) return text;
  // Fetching atomics write src (cmpxchg writes r0 instead).
  bool fetches =
      row.form == Form::kAtomic && (row.imm & kAtomicFetch) != 0 && row.imm != kAtomicCompareExchange;
  if (fetches && instruction.src == kFramePointer) return "r10 is read-only";
  return "";
}

std::string unknown_opcode(std::uint8_t opcode) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text = std::string("opcode 0x") + kDigits[opcode >> 4] + kDigits[opcode & 15];
  if (class_of(opcode) == Class::kLd && ((opcode & 0xe0) == 0x20 || (opcode & 0xe0) == 0x40))
    return text + " is legacy packet access, which RFC 9669 deprecates";
  if (opcode == 0x8d) return text + " (call through a register) is not part of RFC 9669";
  if (opcode == 0) return text + " is the second half of an lddw, or empty";
  return text + " is not an instruction of RFC 9669";
}

}  // namespace

std::span<const Encoding> encodings() { return table(); }

const Encoding* find_encoding(const Instruction& instruction) {
  for (const Encoding* row : rows_of(instruction.opcode))
    if (mismatch(instruction, *row).empty()) return row;
  return nullptr;
}

std::string encoding_problem(const Instruction& instruction) {
  const auto& rows = rows_of(instruction.opcode);
  if (rows.empty()) return unknown_opcode(instruction.opcode);
  std::string problem;
  for (const Encoding* row : rows) {
    std::string text = mismatch(instruction, *row);
    if (text.empty()) return "";
    // The variant whose selecting field matches explains best.
    bool selected = row->offset == instruction.offset && (row->imm == instruction.imm || row->imm == 0);
    if (problem.empty() || selected) problem = text;
    if (selected && text.find("selects") == std::string::npos) break;
  }
  return problem;
}

std::uint8_t access_bytes(std::uint8_t opcode) {
  switch (opcode & 0x18) {
    case 0x00:
      return 4;
    case 0x08:
      return 2;
    case 0x10:
      return 1;
    default:
      return 8;
  }
}

bool writes_dst(const Encoding& encoding) { return field_use(encoding.form).dst == Use::kWritable; }

bool is_conditional_jump(Form form) { return form == Form::kJumpImm || form == Form::kJumpReg; }

std::int64_t jump_displacement(const Instruction& instruction, Form form) {
  return form == Form::kJumpLong || form == Form::kCallLocal ? instruction.imm : instruction.offset;
}

}  // namespace faisca::bpf
