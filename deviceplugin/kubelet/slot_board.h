// The slots as they are now, and who wants to hear of changes. Set by the plugin's loop, read by gRPC's
// threads. Thread: safe from any thread; listeners are called without the lock, on the thread that sets.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "deviceplugin/kubelet/slots.h"

namespace faisca::deviceplugin {

class SlotBoard {
 public:
  using Listener = std::function<void()>;

  // Tells the listeners if something is different.
  void set(std::vector<Slot> slots);
  std::vector<Slot> slots() const;

  // After remove() returns, `listener` is not called any more; so remove() must not be called by a listener.
  std::uint64_t add(Listener listener);
  void remove(std::uint64_t id);

 private:
  mutable std::mutex mutex_;
  std::vector<Slot> slots_;                      // guarded by mutex_
  std::mutex calling_;                           // held while listeners are called, and taken before mutex_
  std::map<std::uint64_t, Listener> listeners_;  // guarded by calling_
  std::uint64_t next_ = 0;                       // guarded by calling_
};

}  // namespace faisca::deviceplugin
