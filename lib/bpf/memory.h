// Memory as programs and helpers see it: bytes at device addresses (layout.h).
//
// `Memory` is the interface that helpers and maps work through: the model's regions here, a device's windows
// in the agent. An access is all or nothing: wholly inside one region, or a fault and no byte changes.
// Thread: one run at a time; nothing is locked.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "lib/bpf/fault.h"
#include "lib/bpf/layout.h"

namespace faisca::bpf {

class Memory {
 public:
  virtual ~Memory() = default;
  virtual FaultCause load(std::uint64_t address, std::span<std::uint8_t> to) = 0;
  virtual FaultCause store(std::uint64_t address, std::span<const std::uint8_t> from) = 0;
};

// struct xdp_md without the pointers, which Regions keeps right when a helper moves the packet's head.
struct XdpContext {
  std::uint32_t ingress_ifindex = 0;
  std::uint32_t rx_queue_index = 0;
  std::uint32_t egress_ifindex = 0;
};

// The four regions in plain vectors.
class Regions : public Memory {
 public:
  // `data_bytes` of data region start with `data`, the rest are zeros.
  explicit Regions(std::span<const std::uint8_t> data = {}, std::uint32_t data_bytes = 0);

  // Memory region for the convention mem: exactly `body`, at kMemoryBase.
  void set_body(std::span<const std::uint8_t> body);
  // Memory region for xdp: headroom, then the packet; only [data, data_end) is accessible. Also sets the
  // context.
  void set_packet(std::span<const std::uint8_t> packet, const XdpContext& context = {});
  void clear_stack() { stack_.fill(0); }

  FaultCause load(std::uint64_t address, std::span<std::uint8_t> to) override;
  FaultCause store(std::uint64_t address, std::span<const std::uint8_t> from) override;

  // Moves the packet's first byte by `delta` (negative: grows into the headroom). False, and nothing moves,
  // if the packet would be shorter than an Ethernet header (14 bytes) or the headroom is used up.
  bool adjust_head(std::int64_t delta);

  std::span<const std::uint8_t> memory() const;  // the accessible part: body or packet
  std::span<std::uint8_t> data() { return data_; }
  std::uint32_t memory_address() const { return kMemoryBase + begin_; }

 private:
  std::uint8_t* find(std::uint64_t address, std::size_t size, bool write, FaultCause& cause);
  void write_context();

  std::vector<std::uint8_t> memory_;
  std::uint32_t begin_ = 0;  // accessible part of memory_: [begin_, end_)
  std::uint32_t end_ = 0;
  std::vector<std::uint8_t> data_;
  std::array<std::uint8_t, kStackBytes> stack_{};
  std::array<std::uint8_t, kContextBytes> context_{};
  XdpContext xdp_;
  bool is_packet_ = false;
};

}  // namespace faisca::bpf
