#include "deviceplugin/kubelet/slot_board.h"

#include <utility>

namespace faisca::deviceplugin {

void SlotBoard::set(std::vector<Slot> slots) {
  std::lock_guard calling(calling_);
  {
    std::lock_guard lock(mutex_);
    if (slots == slots_) return;
    slots_ = std::move(slots);
  }
  for (const auto& [id, listener] : listeners_) listener();
}

std::vector<Slot> SlotBoard::slots() const {
  std::lock_guard lock(mutex_);
  return slots_;
}

std::uint64_t SlotBoard::add(Listener listener) {
  std::lock_guard calling(calling_);
  listeners_.emplace(next_, std::move(listener));
  return next_++;
}

void SlotBoard::remove(std::uint64_t id) {
  std::lock_guard calling(calling_);
  listeners_.erase(id);
}

}  // namespace faisca::deviceplugin
