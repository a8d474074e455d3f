// Which instance takes a request: the one with the fewest of this gateway's requests in flight, if the
// function's concurrency.perInstance allows one more. Pure but for the counters.
#pragma once

#include <span>
#include <utility>

#include "gateway/route/table.h"

namespace faisca::gateway {

// A place in an instance, given back when it goes.
class Lease {
 public:
  Lease() = default;
  explicit Lease(InstancePtr instance) : instance_(std::move(instance)) {}
  Lease(Lease&& other) noexcept : instance_(std::exchange(other.instance_, nullptr)) {}
  Lease& operator=(Lease&& other) noexcept {
    std::swap(instance_, other.instance_);
    return *this;
  }
  ~Lease() {
    if (instance_) instance_->in_flight.fetch_sub(1, std::memory_order_relaxed);
  }

  explicit operator bool() const { return instance_ != nullptr; }
  const InstancePtr& instance() const { return instance_; }

 private:
  InstancePtr instance_;
};

enum class Admission : uint8_t {
  kAdmitted,
  kNoInstance,  // none is ready, but for `unreachable`
  kBusy,        // every instance has as many requests as it may
};
struct Admitted {
  Admission admission = Admission::kNoInstance;
  Lease lease;
};

// `turn` breaks ties, so that equal instances take turns. `unreachable` are instances that could not be
// connected to; they are left out.
Admitted admit(const Entry& entry, size_t turn, std::span<const InstancePtr> unreachable = {});

}  // namespace faisca::gateway
