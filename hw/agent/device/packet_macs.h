// The simulated MACs' clocks: when a port's next beat comes in, and when its output takes one.
//
// Time is counted in twenty-fifths of a cycle, four of which a byte takes: 10 Gb/s at 200 MHz. Pure
// arithmetic, no simulation. Internal to hw/agent/device. Thread: none of its own.
#pragma once

#include <algorithm>
#include <cstdint>

namespace faisca::device {

inline constexpr std::uint64_t kUnitsPerCycle = 25;
inline constexpr std::uint64_t kUnitsPerByte = 4;
inline constexpr std::uint64_t kBeatBytes = 32;
inline constexpr std::uint64_t kMinFrameBytes = 60;  // shorter ones are padded
inline constexpr std::uint64_t kFrameOverhead = 24;  // FCS 4, preamble 8, gap 12

// One direction of a wire: a stretch of bytes after the other, back to back if they are there in time.
class WireClock {
 public:
  // Whether the wire is free in `cycle`.
  bool free(std::uint64_t cycle) const { return free_at_ <= cycle * kUnitsPerCycle; }
  // The wire becomes free `bytes` after now, or after it became free if that was within this cycle.
  void occupy(std::uint64_t cycle, std::uint64_t bytes) {
    const std::uint64_t now = cycle * kUnitsPerCycle;
    const std::uint64_t begin = free_at_ + kUnitsPerCycle > now ? free_at_ : now;
    free_at_ = begin + bytes * kUnitsPerByte;
  }

 private:
  std::uint64_t free_at_ = 0;
};

inline std::uint64_t wire_bytes(std::uint64_t frame_bytes) {
  return std::max(frame_bytes, kMinFrameBytes) + kFrameOverhead;
}

// The cycle in which beat `index` of a frame is there, counted from its first beat.
inline std::uint64_t beat_cycle(std::uint64_t frame_bytes, std::uint64_t index) {
  const std::uint64_t bytes =
      std::min(frame_bytes, kBeatBytes * (index + 1)) - std::min(frame_bytes, kBeatBytes);
  return (bytes * kUnitsPerByte + kUnitsPerCycle - 1) / kUnitsPerCycle;
}

}  // namespace faisca::device
