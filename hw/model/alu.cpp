#include "hw/model/alu.h"

#include <limits>

#include "lib/bpf/isa.h"

namespace faisca::model {
namespace {

// RFC 9669 §4.1: division by zero gives 0, modulo by zero leaves dst; INT_MIN / -1 wraps to INT_MIN with
// remainder 0.
template <class Unsigned, class Signed>
Unsigned divide(bool is_signed, Unsigned dst, Unsigned src) {
  if (src == 0) return 0;
  if (!is_signed) return dst / src;
  auto a = static_cast<Signed>(dst), b = static_cast<Signed>(src);
  return b == -1 ? Unsigned{0} - dst : static_cast<Unsigned>(a / b);
}

template <class Unsigned, class Signed>
Unsigned modulo(bool is_signed, Unsigned dst, Unsigned src) {
  if (src == 0) return dst;
  if (!is_signed) return dst % src;
  auto a = static_cast<Signed>(dst), b = static_cast<Signed>(src);
  return b == -1 ? 0 : static_cast<Unsigned>(a % b);
}

template <class Unsigned, class Signed>
Unsigned move(std::int16_t offset, Unsigned src) {
  switch (offset) {
    case 8:
      return static_cast<Unsigned>(static_cast<Signed>(static_cast<std::int8_t>(src)));
    case 16:
      return static_cast<Unsigned>(static_cast<Signed>(static_cast<std::int16_t>(src)));
    case 32:
      return static_cast<Unsigned>(static_cast<Signed>(static_cast<std::int32_t>(src)));
    default:
      return src;
  }
}

template <class Unsigned, class Signed>
Unsigned alu(std::uint8_t op, std::int16_t offset, Unsigned dst, Unsigned src) {
  constexpr Unsigned kShiftMask = sizeof(Unsigned) * 8 - 1;
  switch (op) {
    case 0x00:
      return dst + src;
    case 0x10:
      return dst - src;
    case 0x20:
      return dst * src;
    case 0x30:
      return divide<Unsigned, Signed>(offset == 1, dst, src);
    case 0x40:
      return dst | src;
    case 0x50:
      return dst & src;
    case 0x60:
      return dst << (src & kShiftMask);
    case 0x70:
      return dst >> (src & kShiftMask);
    case 0x80:
      return Unsigned{0} - dst;
    case 0x90:
      return modulo<Unsigned, Signed>(offset == 1, dst, src);
    case 0xa0:
      return dst ^ src;
    case 0xb0:
      return move<Unsigned, Signed>(offset, src);
    case 0xc0:
      return static_cast<Unsigned>(static_cast<Signed>(dst) >> (src & kShiftMask));
    default:
      return dst;
  }
}

std::uint64_t truncate(std::uint64_t value, std::int32_t width) {
  return width == 64 ? value : value & ((std::uint64_t{1} << width) - 1);
}

template <class Unsigned, class Signed>
bool compare(std::uint8_t op, Unsigned a, Unsigned b) {
  auto sa = static_cast<Signed>(a), sb = static_cast<Signed>(b);
  switch (op) {
    case 0x10:
      return a == b;
    case 0x20:
      return a > b;
    case 0x30:
      return a >= b;
    case 0x40:
      return (a & b) != 0;
    case 0x50:
      return a != b;
    case 0x60:
      return sa > sb;
    case 0x70:
      return sa >= sb;
    case 0xa0:
      return a < b;
    case 0xb0:
      return a <= b;
    case 0xc0:
      return sa < sb;
    case 0xd0:
      return sa <= sb;
    default:
      return false;
  }
}

}  // namespace

std::uint64_t alu64(std::uint8_t op, std::int16_t offset, std::uint64_t dst, std::uint64_t src) {
  return alu<std::uint64_t, std::int64_t>(op, offset, dst, src);
}

std::uint64_t alu32(std::uint8_t op, std::int16_t offset, std::uint64_t dst, std::uint64_t src) {
  return alu<std::uint32_t, std::int32_t>(op, offset, static_cast<std::uint32_t>(dst),
                                          static_cast<std::uint32_t>(src));
}

std::uint64_t byte_order(std::uint8_t opcode, std::int32_t width, std::uint64_t value) {
  value = truncate(value, width);
  if (opcode == 0xd4) return value;
  return __builtin_bswap64(value) >> (64 - width);
}

bool condition(std::uint8_t opcode, std::uint64_t dst, std::uint64_t src) {
  std::uint8_t op = opcode & 0xf0;
  if (bpf::class_of(opcode) == bpf::Class::kJmp) return compare<std::uint64_t, std::int64_t>(op, dst, src);
  return compare<std::uint32_t, std::int32_t>(op, static_cast<std::uint32_t>(dst),
                                              static_cast<std::uint32_t>(src));
}

std::uint64_t atomic_result(std::int32_t operation, std::uint64_t old_value, std::uint64_t operand) {
  switch (operation & ~bpf::kAtomicFetch) {
    case bpf::kAtomicAdd:
      return old_value + operand;
    case bpf::kAtomicOr:
      return old_value | operand;
    case bpf::kAtomicAnd:
      return old_value & operand;
    case bpf::kAtomicXor:
      return old_value ^ operand;
    default:
      return operand;  // exchange
  }
}

}  // namespace faisca::model
