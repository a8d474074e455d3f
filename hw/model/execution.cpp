#include "hw/model/execution.h"

#include <algorithm>

#include "hw/model/alu.h"

namespace faisca::model {

using bpf::FaultCause;
using bpf::Form;
using bpf::Instruction;

Execution::Execution(const Model& model, Model::World world, const RunSettings& settings)
    : model_(model), world_(world), settings_(settings), pc_(model.entry_) {
  for (std::size_t i = 0; i < settings.args.size(); ++i) r_[i + 1] = settings.args[i];
  r_[bpf::kFramePointer] = bpf::kFirstFramePointer;
  frames_.reserve(bpf::kMaxFrames);
}

Outcome Execution::run() {
  while (step()) {
  }
  return outcome_;
}

bool Execution::fault(FaultCause cause, std::uint64_t address) {
  outcome_.fault = cause;
  outcome_.fault_pc = static_cast<std::uint32_t>(pc_);
  outcome_.fault_address = address;
  return false;
}

void Execution::set(std::uint8_t reg, std::uint64_t value) {
  r_[reg] = value;
  retired_.writes_register = true;
  retired_.reg = reg;
  retired_.value = value;
}

bool Execution::step() {
  if (outcome_.retired >= settings_.budget) return fault(FaultCause::kBudget);
  if (pc_ >= model_.steps_.size()) return fault(FaultCause::kPcRange);
  const Model::Step& step = model_.steps_[pc_];
  if (step.encoding == nullptr) return fault(step.fault);
  retired_ = {.pc = static_cast<std::uint32_t>(pc_), .instruction = model_.slots_[pc_]};
  next_ = pc_ + 1;
  bool ended = step.encoding->form == Form::kExit && frames_.empty();
  if (!execute(step)) return false;
  ++outcome_.retired;
  if (settings_.trace) settings_.trace(retired_);
  if (ended) {
    outcome_.r0 = r_[0];
    return false;
  }
  pc_ = next_;
  return true;
}

bool Execution::execute(const Model::Step& step) {
  const Instruction& i = step.instruction;
  // Immediates are sign-extended to 64 bits wherever they are operands.
  std::uint64_t source =
      bpf::uses_register_source(i.opcode) ? r_[i.src] : static_cast<std::uint64_t>(std::int64_t{i.imm});
  switch (step.encoding->form) {
    case Form::kAluImm:
    case Form::kAluReg:
      set(i.dst, bpf::class_of(i.opcode) == bpf::Class::kAlu64
                     ? alu64(i.opcode & 0xf0, i.offset, r_[i.dst], source)
                     : alu32(i.opcode & 0xf0, i.offset, r_[i.dst], source));
      return true;
    case Form::kUnary:
      if (i.opcode == 0x84)
        set(i.dst, alu32(0x80, 0, r_[i.dst], 0));
      else if (i.opcode == 0x87)
        set(i.dst, alu64(0x80, 0, r_[i.dst], 0));
      else
        set(i.dst, byte_order(i.opcode, i.imm, r_[i.dst]));
      return true;
    case Form::kJumpImm:
    case Form::kJumpReg:
      if (condition(i.opcode, r_[i.dst], source)) jump(i.offset);
      return true;
    case Form::kJump:
      jump(i.offset);
      return true;
    case Form::kJumpLong:
      jump(i.imm);
      return true;
    case Form::kCallHelper:
      return call_helper(i);
    case Form::kCallLocal:
      return call_local(i);
    case Form::kExit:
      return leave();
    case Form::kLoad:
      return load(i);
    case Form::kStoreImm:
      return store(i, static_cast<std::uint64_t>(std::int64_t{i.imm}));
    case Form::kStoreReg:
      return store(i, r_[i.src]);
    case Form::kAtomic:
      return atomic(i);
    case Form::kLoad64:
      set(i.dst, static_cast<std::uint32_t>(i.imm) | (model_.slots_[pc_ + 1] >> 32) << 32);
      next_ = pc_ + 2;
      return true;
  }
  return fault(FaultCause::kIllegalInstruction);
}

bool Execution::call_local(const Instruction& i) {
  if (frames_.size() + 1 >= bpf::kMaxFrames) return fault(FaultCause::kCallDepth);
  frames_.push_back({static_cast<std::uint32_t>(next_), {r_[6], r_[7], r_[8], r_[9]}});
  r_[bpf::kFramePointer] += bpf::kFrameBytes;
  jump(i.imm);
  return true;
}

bool Execution::leave() {
  if (frames_.empty()) return true;
  Frame frame = frames_.back();
  frames_.pop_back();
  std::copy(frame.saved.begin(), frame.saved.end(), r_.begin() + 6);
  r_[bpf::kFramePointer] -= bpf::kFrameBytes;
  next_ = frame.return_pc;
  return true;
}

bool Execution::call_helper(const Instruction& i) {
  bpf::HelperCall call{static_cast<std::uint32_t>(i.imm), {r_[1], r_[2], r_[3], r_[4], r_[5]}};
  auto result = bpf::call_helper(call, world_.memory, world_.maps, world_.environment);
  if (result.fault != FaultCause::kNone) return fault(result.fault);
  set(0, result.r0);
  return true;
}

bool Execution::read(std::uint64_t address, std::uint8_t bytes, std::uint64_t& value) {
  std::array<std::uint8_t, 8> raw{};
  FaultCause cause = world_.memory.load(address, std::span(raw).first(bytes));
  if (cause != FaultCause::kNone) return fault(cause, address);
  value = 0;
  for (int b = bytes - 1; b >= 0; --b) value = value << 8 | raw[b];
  return true;
}

bool Execution::write(std::uint64_t address, std::uint8_t bytes, std::uint64_t value) {
  std::array<std::uint8_t, 8> raw;
  for (int b = 0; b < 8; ++b) raw[b] = static_cast<std::uint8_t>(value >> (8 * b));
  FaultCause cause = world_.memory.store(address, std::span(raw).first(bytes));
  if (cause != FaultCause::kNone) return fault(cause, address);
  retired_.stores = true;
  retired_.store_address = static_cast<std::uint32_t>(address);
  retired_.store_bytes = bytes;
  retired_.store_data = bytes == 8 ? value : value & ((std::uint64_t{1} << (8 * bytes)) - 1);
  return true;
}

bool Execution::load(const Instruction& i) {
  std::uint64_t value;
  std::uint8_t bytes = bpf::access_bytes(i.opcode);
  if (!read(r_[i.src] + static_cast<std::int64_t>(i.offset), bytes, value)) return false;
  bool sign_extend = (i.opcode & 0xe0) == 0x80;
  int unused = 64 - 8 * bytes;
  if (sign_extend) value = static_cast<std::uint64_t>(static_cast<std::int64_t>(value << unused) >> unused);
  set(i.dst, value);
  return true;
}

bool Execution::store(const Instruction& i, std::uint64_t value) {
  return write(r_[i.dst] + static_cast<std::int64_t>(i.offset), bpf::access_bytes(i.opcode), value);
}

bool Execution::atomic(const Instruction& i) {
  std::uint64_t address = r_[i.dst] + static_cast<std::int64_t>(i.offset);
  std::uint8_t bytes = bpf::access_bytes(i.opcode);
  std::uint64_t mask = bytes == 8 ? ~std::uint64_t{0} : 0xffff'ffff;
  std::uint64_t old_value, operand = r_[i.src] & mask;
  if (!read(address, bytes, old_value)) return false;
  bool compare = i.imm == bpf::kAtomicCompareExchange;
  // The store is checked even where cmpxchg will not store: a read-only region refuses every atomic.
  if (compare && old_value != (r_[0] & mask)) {
    if (!write(address, bytes, old_value)) return false;
    retired_.stores = false;
    retired_.store_address = 0;
    retired_.store_bytes = 0;
    retired_.store_data = 0;
  } else if (!write(address, bytes, compare ? operand : atomic_result(i.imm, old_value, operand) & mask)) {
    return false;
  }
  if (compare)
    set(0, old_value);
  else if ((i.imm & bpf::kAtomicFetch) != 0)
    set(i.src, old_value);
  return true;
}

}  // namespace faisca::model
