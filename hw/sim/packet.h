// Packets outside the device: what is read from files, made by a generator, judged by an oracle and written.
//
// Bytes are those of a pcap file: from the Ethernet header on, without preamble and FCS. Ports count from 0;
// the interface index that a program sees is the port plus 1. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace faisca::sim {

inline constexpr std::uint32_t kMinPacketBytes = 14;    // an Ethernet header; a device pads to 60 on the wire
inline constexpr std::uint32_t kMaxPacketBytes = 1514;  // IEEE 802.3 without FCS, no jumbo frames

struct Packet {
  std::uint32_t port = 0;     // where it came in, or goes out
  std::uint64_t time_ns = 0;  // since the start of the run or, read from a file, since the epoch
  std::vector<std::uint8_t> bytes;

  bool operator==(const Packet&) const = default;
};

// enum xdp_action of linux/bpf.h.
enum class Verdict : std::uint32_t { kAborted = 0, kDrop = 1, kPass = 2, kTx = 3, kRedirect = 4 };
std::string_view verdict_name(Verdict verdict);  // "XDP_DROP"
// An action out of range counts as XDP_ABORTED, as in the kernel.
Verdict verdict_of(std::uint64_t r0);

// What a program made of a packet.
struct Judgement {
  Verdict verdict = Verdict::kAborted;
  // XDP_REDIRECT: one bit a port. Empty when the one who judged cannot tell.
  std::optional<std::uint32_t> redirect_ports;
  std::vector<std::uint8_t> bytes;  // the packet as the program left it

  bool operator==(const Judgement&) const = default;
};

}  // namespace faisca::sim
