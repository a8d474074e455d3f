#include "hw/agent/device_memory.h"

#include <cstring>
#include <vector>

namespace faisca::agent {
namespace {

constexpr std::uint32_t kIngressInterface =
    1;  // an invocation comes from no port; the kernel's test run says 1 too
constexpr std::int64_t kEthernetHeader = 14;  // the kernel leaves at least so much of a packet

bool within(std::uint64_t address, std::size_t size, std::uint32_t base, device::Window window) {
  return address >= std::uint64_t{base} + window.begin && address + size <= std::uint64_t{base} + window.end;
}

}  // namespace

std::array<std::byte, bpf::kContextBytes> context_bytes(bpf::Convention convention, device::Window window) {
  std::array<std::byte, bpf::kContextBytes> bytes{};
  if (convention == bpf::Convention::kMem) return bytes;
  const std::uint32_t data = bpf::kMemoryBase + window.begin;
  const std::uint32_t data_end = bpf::kMemoryBase + window.end;
  // data, data_end, data_meta (no metadata), ingress_ifindex, rx_queue_index, egress_ifindex
  const std::uint32_t fields[] = {data, data_end, data, kIngressInterface, 0, 0};
  std::memcpy(bytes.data(), fields, sizeof fields);
  return bytes;
}

DeviceMemory::DeviceMemory(device::Device& device, const Clock& clock, bpf::Convention convention,
                           device::Window memory, device::Window data)
    : device_(device),
      clock_(clock),
      convention_(convention),
      memory_(memory),
      data_(data),
      lowest_begin_(memory.begin),
      random_(std::random_device{}()) {}

bool DeviceMemory::inside(std::uint64_t address, std::size_t size, Access access) const {
  if (address > UINT32_MAX || size > UINT32_MAX) return false;
  if (within(address, size, bpf::kMemoryBase, memory_) || within(address, size, bpf::kDataBase, data_) ||
      within(address, size, bpf::kStackBase, {0, bpf::kStackBytes}))
    return true;
  return access == Access::kRead && within(address, size, bpf::kContextBase, {0, bpf::kContextBytes});
}

bpf::FaultCause DeviceMemory::load(std::uint64_t address, std::span<std::uint8_t> to) {
  if (!inside(address, to.size(), Access::kRead)) return bpf::FaultCause::kOutOfBounds;
  if (to.empty()) return bpf::FaultCause::kNone;
  if (device_error_)
    device_error_ = device_.read_region(static_cast<std::uint32_t>(address), std::as_writable_bytes(to));
  return device_error_ ? bpf::FaultCause::kNone : bpf::FaultCause::kOutOfBounds;
}

bpf::FaultCause DeviceMemory::store(std::uint64_t address, std::span<const std::uint8_t> from) {
  if (!inside(address, from.size(), Access::kWrite)) return bpf::FaultCause::kOutOfBounds;
  if (from.empty()) return bpf::FaultCause::kNone;
  wrote_memory_ |= within(address, from.size(), bpf::kMemoryBase, memory_);
  if (device_error_)
    device_error_ = device_.write_region(static_cast<std::uint32_t>(address), std::as_bytes(from));
  return device_error_ ? bpf::FaultCause::kNone : bpf::FaultCause::kOutOfBounds;
}

std::uint64_t DeviceMemory::monotonic_ns() {
  return static_cast<std::uint64_t>(clock_.now().time_since_epoch().count());
}

std::int64_t DeviceMemory::adjust_head(std::int64_t delta) {
  if (convention_ != bpf::Convention::kXdp) return -EINVAL;
  const std::int64_t begin = std::int64_t{memory_.begin} + delta;
  if (begin < bpf::kXdpFrameBytes || begin + kEthernetHeader > memory_.end) return -EINVAL;

  device::Window moved{static_cast<std::uint32_t>(begin), memory_.end};
  if (moved.begin < lowest_begin_) {
    const std::vector<std::byte> zeros(lowest_begin_ - moved.begin);
    if (device_error_) device_error_ = device_.write_region(bpf::kMemoryBase + moved.begin, zeros);
    lowest_begin_ = moved.begin;
  }
  if (device_error_) device_error_ = device_.set_memory_window(moved);
  if (device_error_)
    device_error_ = device_.write_region(bpf::kContextBase, context_bytes(convention_, moved));
  if (!device_error_) return -EINVAL;
  memory_ = moved;
  return 0;
}

}  // namespace faisca::agent
