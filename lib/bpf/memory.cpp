#include "lib/bpf/memory.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace faisca::bpf {
namespace {

constexpr std::int64_t kEthernetHeader = 14;

// Offset of [address, address + size) in a region of `bytes` at `base`, or nothing.
bool inside(std::uint64_t address, std::size_t size, std::uint32_t base, std::size_t begin, std::size_t end) {
  return address >= base + begin && address - base <= end && end - (address - base) >= size;
}

void put32(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

}  // namespace

Regions::Regions(std::span<const std::uint8_t> data, std::uint32_t data_bytes) {
  data_.assign(std::max<std::size_t>(data_bytes, data.size()), 0);
  std::copy(data.begin(), data.end(), data_.begin());
}

void Regions::set_body(std::span<const std::uint8_t> body) {
  memory_.assign(body.begin(), body.end());
  meta_ = begin_ = 0;
  end_ = static_cast<std::uint32_t>(body.size());
  context_.fill(0);
  is_packet_ = false;
}

void Regions::set_packet(std::span<const std::uint8_t> packet, const XdpContext& context) {
  memory_.assign(kXdpHeadroom, 0);
  memory_.insert(memory_.end(), packet.begin(), packet.end());
  meta_ = begin_ = kXdpHeadroom;
  end_ = static_cast<std::uint32_t>(memory_.size());
  xdp_ = context;
  is_packet_ = true;
  write_context();
}

void Regions::write_context() {
  context_.fill(0);
  put32(context_, 0, kMemoryBase + begin_);  // data
  put32(context_, 4, kMemoryBase + end_);    // data_end
  put32(context_, 8, kMemoryBase + meta_);   // data_meta
  put32(context_, 12, xdp_.ingress_ifindex);
  put32(context_, 16, xdp_.rx_queue_index);
  put32(context_, 20, xdp_.egress_ifindex);
}

std::uint8_t* Regions::find(std::uint64_t address, std::size_t size, bool write, FaultCause& cause) {
  cause = FaultCause::kNone;
  if (inside(address, size, kMemoryBase, meta_, end_)) return memory_.data() + (address - kMemoryBase);
  if (inside(address, size, kStackBase, 0, stack_.size())) return stack_.data() + (address - kStackBase);
  if (inside(address, size, kDataBase, 0, data_.size())) return data_.data() + (address - kDataBase);
  cause = FaultCause::kOutOfBounds;
  if (!inside(address, size, kContextBase, 0, context_.size())) return nullptr;
  if (write) {
    cause = FaultCause::kReadOnly;
    return nullptr;
  }
  cause = FaultCause::kNone;
  return context_.data() + (address - kContextBase);
}

FaultCause Regions::load(std::uint64_t address, std::span<std::uint8_t> to) {
  FaultCause cause;
  const std::uint8_t* from = find(address, to.size(), /*write=*/false, cause);
  if (from != nullptr && !to.empty()) std::memcpy(to.data(), from, to.size());
  return cause;
}

FaultCause Regions::store(std::uint64_t address, std::span<const std::uint8_t> from) {
  FaultCause cause;
  std::uint8_t* to = find(address, from.size(), /*write=*/true, cause);
  if (to != nullptr && !from.empty()) std::memcpy(to, from.data(), from.size());
  return cause;
}

std::int64_t Regions::adjust_head(std::int64_t delta) {
  std::int64_t meta = meta_ + delta, begin = begin_ + delta;
  if (!is_packet_ || meta < kXdpFrameBytes || begin + kEthernetHeader > end_) return -EINVAL;
  std::memmove(memory_.data() + meta, memory_.data() + meta_, begin_ - meta_);
  meta_ = static_cast<std::uint32_t>(meta);
  begin_ = static_cast<std::uint32_t>(begin);
  write_context();
  return 0;
}

std::int64_t Regions::adjust_tail(std::int64_t delta) {
  std::int64_t end = end_ + delta;
  if (!is_packet_ || end < begin_ + kEthernetHeader) return -EINVAL;
  if (delta > 0 && end > kXdpPacketEnd) return -EINVAL;
  if (end > static_cast<std::int64_t>(memory_.size())) memory_.resize(static_cast<std::size_t>(end));
  if (delta > 0) std::fill(memory_.begin() + end_, memory_.begin() + end, 0);
  end_ = static_cast<std::uint32_t>(end);
  write_context();
  return 0;
}

std::int64_t Regions::adjust_meta(std::int64_t delta) {
  std::int64_t meta = meta_ + delta, bytes = begin_ - meta;
  if (!is_packet_ || meta < kXdpFrameBytes || bytes < 0) return -EINVAL;
  if (bytes % 4 != 0 || bytes > kXdpMaxMetadata) return -EACCES;
  meta_ = static_cast<std::uint32_t>(meta);
  write_context();
  return 0;
}

std::span<const std::uint8_t> Regions::memory() const { return {memory_.data() + begin_, end_ - begin_}; }

}  // namespace faisca::bpf
