#include "lib/kube/testing/fake_client.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "lib/kube/api_error.h"
#include "lib/kube/object.h"
#include "lib/kube/testing/fake_store.h"

namespace faisca::kube::testing {

struct FakeClient::World {
  mutable std::mutex mutex;  // guards all below
  std::condition_variable_any wake;
  FakeStore store;
  Fault fault;
  std::vector<Request> requests;
  uint64_t cut = 0;  // counts cut_watches
};

FakeClient::FakeClient() : world_(std::make_unique<World>()) {}
FakeClient::~FakeClient() = default;

namespace {

bool is_write(const Request& request) { return request.verb != Verb::kGet && request.verb != Verb::kList; }

}  // namespace

Result<Json> FakeClient::send(const Request& request) {
  Fault fault;
  {
    std::lock_guard lock(world_->mutex);
    world_->requests.push_back(request);
    fault = world_->fault;
  }
  // Outside of the lock, so that a fault may send requests of its own.
  if (fault)
    if (auto error = fault(request)) return fail(while_doing(request.text())(*error));
  std::lock_guard lock(world_->mutex);
  auto out = world_->store.handle(request);
  world_->wake.notify_all();
  return out.map_error(while_doing(request.text()));
}

Status FakeClient::stream(const Request& request, const LineSink& line, std::stop_token stop) {
  Fault fault;
  {
    std::lock_guard lock(world_->mutex);
    world_->requests.push_back(request);
    fault = world_->fault;
  }
  if (fault)
    if (auto error = fault(request)) return fail(while_doing(request.text())(*error));
  std::unique_lock lock(world_->mutex);
  const uint64_t cut = world_->cut;
  FAISCA_TRY(from, world_->store.watch_start(request));
  uint64_t next = from;
  for (;;) {
    const std::vector<std::string> events = world_->store.events_after(request, next);
    lock.unlock();
    for (const std::string& event : events)
      if (!line(event)) return {};
    lock.lock();
    if (world_->store.has_after(next)) continue;
    if (world_->cut != cut) return fail(Code::kUnavailable, "the watch was cut");
    if (!world_->wake.wait(lock, stop, [&] { return world_->cut != cut || world_->store.has_after(next); }))
      return fail(Code::kCancelled, "stopped");
  }
}

void FakeClient::set_fault(Fault fault) {
  std::lock_guard lock(world_->mutex);
  world_->fault = std::move(fault);
}

std::vector<Request> FakeClient::requests() const {
  std::lock_guard lock(world_->mutex);
  return world_->requests;
}

size_t FakeClient::writes() const {
  std::lock_guard lock(world_->mutex);
  return static_cast<size_t>(std::count_if(world_->requests.begin(), world_->requests.end(), is_write));
}

void FakeClient::clear_requests() {
  std::lock_guard lock(world_->mutex);
  world_->requests.clear();
}

void FakeClient::cut_watches(History history) {
  std::lock_guard lock(world_->mutex);
  ++world_->cut;
  if (history == History::kForgotten) world_->store.forget_history();
  world_->wake.notify_all();
}

}  // namespace faisca::kube::testing
