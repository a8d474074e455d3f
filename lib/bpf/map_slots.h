// Which value slots of a map are in use: hands out the lowest free one. Shared by the maps whose keys are not
// indices.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

namespace faisca::bpf {

class SlotPool {
 public:
  explicit SlotPool(std::uint32_t count) : count_(count) {}

  std::optional<std::uint32_t> take() {
    if (!returned_.empty()) {
      std::uint32_t slot = returned_.top();
      returned_.pop();
      return slot;
    }
    if (fresh_ == count_) return std::nullopt;
    return fresh_++;
  }
  void give_back(std::uint32_t slot) { returned_.push(slot); }

 private:
  std::uint32_t count_;
  std::uint32_t fresh_ = 0;  // slots from here on were never used
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> returned_;
};

}  // namespace faisca::bpf
