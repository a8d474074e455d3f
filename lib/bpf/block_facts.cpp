#include "lib/bpf/block_facts.h"

namespace faisca::bpf {
namespace {

constexpr std::uint8_t kAdd64Imm = 0x07, kSub64Imm = 0x17, kMov64Imm = 0xb7, kMov64Reg = 0xbf;

}  // namespace

void BlockFacts::forget() {
  facts_.fill({});
  facts_[kFramePointer] = {Kind::kFrame, 0};
}

void BlockFacts::add(std::uint8_t reg, std::uint64_t amount) {
  if (facts_[reg].kind != Kind::kUnknown) facts_[reg].value += amount;
}

void BlockFacts::execute(const Instruction& i, const Encoding& row, std::uint64_t next) {
  auto imm = static_cast<std::uint64_t>(std::int64_t{i.imm});
  switch (row.form) {
    case Form::kExit:
    case Form::kJump:
    case Form::kJumpLong:
      return forget();
    case Form::kCallHelper:
    case Form::kCallLocal:
      for (std::uint8_t reg = 0; reg <= 5; ++reg) facts_[reg] = {};
      return;
    case Form::kAtomic:
      if (i.imm == kAtomicCompareExchange)
        facts_[0] = {};
      else if ((i.imm & kAtomicFetch) != 0)
        facts_[i.src] = {};
      return;
    case Form::kLoad64:
      facts_[i.dst] = {Kind::kConstant, static_cast<std::uint32_t>(i.imm) | (next >> 32) << 32};
      return;
    default:
      break;
  }
  if (!writes_dst(row)) return;
  if (i.opcode == kMov64Imm)
    facts_[i.dst] = {Kind::kConstant, imm};
  else if (i.opcode == kMov64Reg && i.offset == 0)
    facts_[i.dst] = facts_[i.src];
  else if (i.opcode == kAdd64Imm)
    add(i.dst, imm);
  else if (i.opcode == kSub64Imm)
    add(i.dst, ~imm + 1);
  else
    facts_[i.dst] = {};
}

std::optional<std::uint64_t> BlockFacts::constant(std::uint8_t reg) const {
  if (facts_[reg].kind != Kind::kConstant) return std::nullopt;
  return facts_[reg].value;
}

std::optional<std::int64_t> BlockFacts::frame_offset(std::uint8_t reg) const {
  if (facts_[reg].kind != Kind::kFrame) return std::nullopt;
  return static_cast<std::int64_t>(facts_[reg].value);
}

}  // namespace faisca::bpf
