#include "hw/sim/traffic.h"

#include <algorithm>
#include <array>
#include <string>

namespace faisca::sim {
namespace {

constexpr std::uint32_t kMaxFlows = 65'536;

Status in_range(const char* what, std::uint32_t value, std::uint32_t low, std::uint32_t high) {
  if (value >= low && value <= high) return {};
  return fail(Code::kInvalidArgument, std::string(what) + " must be " + std::to_string(low) + " to " +
                                          std::to_string(high) + ", not " + std::to_string(value));
}

void put16(std::uint8_t* at, std::uint32_t value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}

void put_mac(std::uint8_t* at, std::uint32_t port, std::uint32_t flow) {
  const std::array<std::uint8_t, 4> start{2, 0, 0, static_cast<std::uint8_t>(port)};
  std::copy(start.begin(), start.end(), at);
  put16(at + 4, flow);
}

void put_address(std::uint8_t* at, std::uint32_t port, std::uint32_t flow) {
  at[0] = 10;
  at[1] = static_cast<std::uint8_t>(port);
  put16(at + 2, flow);
}

// RFC 1071 over the 20 bytes of an IPv4 head without options.
std::uint32_t head_checksum(const std::uint8_t* head) {
  std::uint32_t sum = 0;
  for (int at = 0; at < 20; at += 2) sum += static_cast<std::uint32_t>(head[at]) << 8 | head[at + 1];
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return ~sum & 0xffff;
}

}  // namespace

Status check_traffic(const TrafficSettings& settings) {
  FAISCA_CHECK_OK(in_range("the number of ports", settings.ports, 1, 64));
  FAISCA_CHECK_OK(in_range("the number of flows", settings.flows, 1, kMaxFlows));
  return in_range("the packet size", settings.bytes, kMinTrafficBytes, kMaxPacketBytes);
}

Packet make_packet(const TrafficSettings& settings, std::uint32_t port, std::uint64_t index) {
  const auto flow = static_cast<std::uint32_t>(index % settings.flows);
  const std::uint32_t to = (port + 1) % settings.ports;
  Packet packet{.port = port, .time_ns = 0, .bytes = std::vector<std::uint8_t>(settings.bytes)};
  std::uint8_t* const ethernet = packet.bytes.data();
  put_mac(ethernet, to, flow);
  put_mac(ethernet + 6, port, flow);
  put16(ethernet + 12, 0x0800);

  std::uint8_t* const ip = ethernet + 14;
  ip[0] = 0x45;
  put16(ip + 2, settings.bytes - 14);
  put16(ip + 4, static_cast<std::uint32_t>(index));  // identification: tells packets of a flow apart
  ip[8] = 64;
  ip[9] = 17;
  put_address(ip + 12, port, flow);
  put_address(ip + 16, to, flow);
  put16(ip + 10, head_checksum(ip));

  std::uint8_t* const udp = ip + 20;
  put16(udp, 1024 + flow % 60'000);
  put16(udp + 2, 9);  // discard, RFC 863
  put16(udp + 4, settings.bytes - 34);
  for (std::uint32_t at = kMinTrafficBytes; at < settings.bytes; ++at)
    packet.bytes[at] = static_cast<std::uint8_t>(at + index);
  return packet;
}

}  // namespace faisca::sim
