// The two ends of a port's streams in simulation: a sender of queued packets, beat by beat, and a receiver
// that puts beats together. Internal to hw/agent/device. Thread: as packet_device.h.
#pragma once

#include <cstdint>
#include <cstring>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "hw/agent/device/packet_macs.h"

namespace faisca::device {

// What a beat looks like on AXI4-Stream.
struct Beat {
  std::uint32_t data[8];
  std::uint32_t keep;
  bool first;
  bool last;
  std::uint16_t length;  // of the packet
  std::uint64_t id;
};

class StreamSender {
 public:
  void push(std::uint64_t id, std::span<const std::uint8_t> bytes, std::uint64_t earliest) {
    queue_.push_back({id, earliest, {bytes.begin(), bytes.end()}});
  }
  std::size_t queued() const { return queue_.size() - (sending_ ? 1 : 0); }
  bool empty() const { return queue_.empty(); }

  // The beat of `cycle`, if there is one: the device takes every beat that is offered.
  bool next(std::uint64_t cycle, bool line_rate, bool as_received, bool pause, Beat& beat) {
    if (queue_.empty() || pause) return false;
    Frame& frame = queue_.front();
    if (!sending_) {
      if (frame.earliest > cycle || (line_rate && !wire_.free(cycle))) return false;
      sending_ = true;
      index_ = 0;
      began_ = cycle;
      wire_.occupy(cycle, wire_bytes(frame.bytes.size()));
    } else if (as_received && cycle < began_ + beat_cycle(frame.bytes.size(), index_)) {
      return false;
    }
    const std::size_t offset = index_ * kBeatBytes;
    const std::size_t count = std::min<std::size_t>(kBeatBytes, frame.bytes.size() - offset);
    std::memset(beat.data, 0, sizeof beat.data);
    std::memcpy(beat.data, frame.bytes.data() + offset, count);
    beat.keep = count == kBeatBytes ? ~0u : (1u << count) - 1;
    beat.first = index_ == 0;
    beat.last = offset + count == frame.bytes.size();
    beat.length = static_cast<std::uint16_t>(frame.bytes.size());
    beat.id = frame.id;
    ++index_;
    if (beat.last) {
      sending_ = false;
      queue_.pop_front();
    }
    return true;
  }

 private:
  struct Frame {
    std::uint64_t id;
    std::uint64_t earliest;
    std::vector<std::uint8_t> bytes;
  };
  std::deque<Frame> queue_;
  WireClock wire_;
  bool sending_ = false;
  std::size_t index_ = 0;
  std::uint64_t began_ = 0;
};

class StreamReceiver {
 public:
  bool ready(std::uint64_t cycle, bool line_rate) const { return !line_rate || wire_.free(cycle); }

  // Takes a beat of `count` bytes; true if the packet is complete: bytes() has it until the next take().
  bool take(std::uint64_t cycle, const std::uint32_t* data, std::uint32_t count, bool last) {
    if (complete_) bytes_.clear();
    complete_ = last;
    const auto* begin = reinterpret_cast<const std::uint8_t*>(data);
    bytes_.insert(bytes_.end(), begin, begin + count);
    // The gap and the padding count with the last beat.
    const std::uint64_t rest = last ? wire_bytes(bytes_.size()) - bytes_.size() : 0;
    wire_.occupy(cycle, count + rest);
    return last;
  }
  std::span<const std::uint8_t> bytes() const { return bytes_; }
  bool empty() const { return complete_; }

 private:
  std::vector<std::uint8_t> bytes_;
  WireClock wire_;
  bool complete_ = true;
};

}  // namespace faisca::device
