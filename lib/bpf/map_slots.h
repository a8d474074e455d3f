// Which value slots of a map are in use. Slots that were never used are handed out first, in order, then
// those given back, oldest first: the order of the hardware (hw/rtl/maps/map_slots.sv), so that pointers
// agree. Shared by the maps whose keys are not indices.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace faisca::bpf {

class SlotPool {
 public:
  explicit SlotPool(std::uint32_t count) : count_(count) {}

  std::optional<std::uint32_t> take() {
    if (fresh_ != count_) return fresh_++;
    if (returned_.empty()) return std::nullopt;
    std::uint32_t slot = returned_.front();
    returned_.pop_front();
    return slot;
  }
  void give_back(std::uint32_t slot) { returned_.push_back(slot); }

 private:
  std::uint32_t count_;
  std::uint32_t fresh_ = 0;  // slots from here on were never used
  std::deque<std::uint32_t> returned_;
};

}  // namespace faisca::bpf
