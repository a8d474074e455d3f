// Where a program sees its memory: 32-bit device addresses, the same in the model, the RTL and the loader.
// Bits 31:28 choose the region. Address 0 belongs to none, so a null pointer always faults.
#pragma once

#include <cstdint>

namespace faisca::bpf {

inline constexpr std::uint32_t kMemoryBase = 0x1000'0000;  // request body (mem) or packet (xdp)
inline constexpr std::uint32_t kStackBase =
    0x2000'0000;  // frames grow upwards, each frame's R10 is its upper end
inline constexpr std::uint32_t kDataBase = 0x3000'0000;     // .rodata, .data, .bss, then map values
inline constexpr std::uint32_t kContextBase = 0x4000'0000;  // struct xdp_md, read-only

inline constexpr std::uint32_t kXdpHeadroom = 256;     // bytes before a packet, for xdp_adjust_head
inline constexpr std::uint32_t kXdpFrameBytes = 40;    // of them the kernel's struct xdp_frame
inline constexpr std::uint32_t kXdpPacketEnd = 2040;   // offset that xdp_adjust_tail can take data_end to
inline constexpr std::uint32_t kXdpMaxMetadata = 252;  // bytes that xdp_adjust_meta gives, in steps of 4
inline constexpr std::uint32_t kContextBytes = 64;     // region size; struct xdp_md takes the first 24
inline constexpr std::uint32_t kFrameBytes = 512;
inline constexpr std::uint32_t kMaxFrames = 8;
inline constexpr std::uint32_t kStackBytes = kFrameBytes * kMaxFrames;
inline constexpr std::uint32_t kFirstFramePointer = kStackBase + kFrameBytes;

// What one device has; the agent fills it from the device's parameter registers.
struct DeviceLimits {
  std::uint32_t instruction_slots = 4096;  // 8-byte slots of one program; lddw takes two
  std::uint32_t data_bytes = 256 * 1024;   // globals and map values together
  std::uint32_t memory_bytes = 64 * 1024;  // longest body, or packet with headroom
  std::uint64_t budget = 1'000'000;        // instructions of one run
};

}  // namespace faisca::bpf
