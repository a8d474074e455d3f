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
  // Memory region for xdp: headroom, then the packet; only [data_meta, data_end) is accessible. Also sets the
  // context.
  void set_packet(std::span<const std::uint8_t> packet, const XdpContext& context = {});
  void clear_stack() { stack_.fill(0); }

  FaultCause load(std::uint64_t address, std::span<std::uint8_t> to) override;
  FaultCause store(std::uint64_t address, std::span<const std::uint8_t> from) override;

  // bpf_xdp_adjust_head, _tail and _meta with the kernel's results: 0, or -EINVAL (-EACCES: metadata of an
  // unusual size), and nothing moves. Metadata move with the head; a tail that grows is zeroed. A packet has
  // at least an Ethernet header (14 bytes) and ends at kXdpPacketEnd at the latest.
  std::int64_t adjust_head(std::int64_t delta);
  std::int64_t adjust_tail(std::int64_t delta);
  std::int64_t adjust_meta(std::int64_t delta);

  std::span<const std::uint8_t> memory() const;  // body or packet, without metadata
  const XdpContext& context() const { return xdp_; }
  std::span<std::uint8_t> data() { return data_; }
  std::uint32_t memory_address() const { return kMemoryBase + begin_; }

 private:
  std::uint8_t* find(std::uint64_t address, std::size_t size, bool write, FaultCause& cause);
  void write_context();

  std::vector<std::uint8_t> memory_;
  std::uint32_t meta_ = 0;  // metadata: [meta_, begin_)
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
  std::vector<std::uint8_t> data_;
  std::array<std::uint8_t, kStackBytes> stack_{};
  std::array<std::uint8_t, kContextBytes> context_{};
  XdpContext xdp_;
  bool is_packet_ = false;
};

}  // namespace faisca::bpf
