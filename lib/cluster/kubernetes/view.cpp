#include "lib/cluster/kubernetes/view.h"

#include <nlohmann/json.hpp>

#include "lib/base/log.h"
#include "lib/kube/object.h"

namespace faisca::cluster {

using kube::Json;
using kube::ObjectKey;

// One watch's sink: reads an object outside the lock, hands it over inside.
struct View::Feed final : kube::ReflectorSink {
  using Put = std::function<Status(const Json& object, std::unique_lock<std::mutex>& lock)>;
  using Remove = std::function<void(const ObjectKey& key)>;
  using Keys = std::function<std::vector<ObjectKey>()>;

  Feed(View& view, Put put, Remove remove, Keys keys)
      : view_(view), put_(std::move(put)), remove_(std::move(remove)), keys_(std::move(keys)) {}

  void upsert(const Json& object) override {
    std::unique_lock lock(view_.mutex_, std::defer_lock);
    if (const Status taken = put_(object, lock); !taken)
      kube::log_unreadable(kube::head_of(object), taken.error());
    view_.changed_.notify_all();
  }
  void remove(const ObjectKey& key) override {
    {
      std::lock_guard lock(view_.mutex_);
      remove_(key);
    }
    view_.changed_.notify_all();
  }
  std::vector<ObjectKey> keys() override {
    std::lock_guard lock(view_.mutex_);
    return keys_();
  }
  void synced() override {
    {
      std::lock_guard lock(view_.mutex_);
      --view_.unsynced_;
    }
    view_.changed_.notify_all();
  }

 private:
  View& view_;
  const Put put_;
  const Remove remove_;
  const Keys keys_;
};

namespace {

Snapshot empty_snapshot(const KubernetesSettings& settings) {
  Snapshot snapshot;
  snapshot.default_namespace = settings.default_namespace;
  return snapshot;
}

// A watch of one namespace must not take another's objects for vanished.
std::vector<ObjectKey> only_of(const std::string& space, std::vector<ObjectKey> keys) {
  if (!space.empty()) std::erase_if(keys, [&](const ObjectKey& key) { return key.space != space; });
  return keys;
}

}  // namespace

View::View(kube::Client& client, const KubernetesSettings& settings)
    : client_(client), settings_(settings), publisher_(empty_snapshot(settings)) {}

View::~View() {
  for (Watch& watch : watches_) watch.reflector->stop();
}

void View::watch(const kube::Resource& resource, const std::string& space, std::string label_selector,
                 std::unique_ptr<Feed> feed) {
  kube::ReflectorSettings settings{
      .resource = resource, .space = space, .label_selector = std::move(label_selector)};
  // A gateway that does not hear of new endpoints fails requests: it tries again sooner than others would.
  settings.backoff.longest = std::chrono::seconds(5);
  auto reflector = std::make_unique<kube::Reflector>(client_, std::move(settings), *feed);
  watches_.push_back({std::move(feed), std::move(reflector)});
}

void View::watch_functions(Origin origin, const std::string& space) {
  const bool ours = origin == Origin::kFaisca;
  watch(ours ? kube::kFunctions : kube::kOpenFaasFunctions, space, "",
        std::make_unique<Feed>(
            *this,
            [this, origin, ours](const Json& object, std::unique_lock<std::mutex>& lock) -> Status {
              FAISCA_TRY(state, ours ? function_of(object) : openfaas_function_of(object));
              lock.lock();
              world_.put_function(std::move(state), origin);
              return {};
            },
            [this, origin](const ObjectKey& key) { world_.remove_function(key, origin); },
            [this, origin, space] { return only_of(space, world_.functions(origin)); }));
}

void View::watch_slices(const std::string& space) {
  watch(kube::kEndpointSlices, space, std::string(kFunctionLabel),
        std::make_unique<Feed>(
            *this,
            [this](const Json& object, std::unique_lock<std::mutex>& lock) -> Status {
              FAISCA_TRY(slice, slice_of(object));
              lock.lock();
              world_.put_slice(kube::key_of(object), std::move(slice));
              return {};
            },
            [this](const ObjectKey& key) { world_.remove_slice(key); },
            [this, space] { return only_of(space, world_.slices()); }));
}

void View::watch_namespaces() {
  watch(kube::kNamespaces, "", "",
        std::make_unique<Feed>(
            *this,
            [this](const Json& object, std::unique_lock<std::mutex>& lock) -> Status {
              const std::string name = kube::key_of(object).name;
              const bool marked = takes_functions(object) && !kube::is_being_deleted(object);
              lock.lock();
              marked ? (void)marked_.insert(name) : (void)marked_.erase(name);
              return {};
            },
            [this](const ObjectKey& key) { marked_.erase(key.name); },
            [this] {
              std::vector<ObjectKey> keys;
              for (const std::string& name : marked_) keys.push_back({"", name});
              return keys;
            }));
}

void View::start() {
  std::vector<std::string> spaces = settings_.namespaces;
  if (spaces.empty()) {
    spaces = {""};
    watch_namespaces();
  }
  for (const std::string& space : spaces) {
    watch_functions(Origin::kFaisca, space);
    if (settings_.openfaas) watch_functions(Origin::kOpenFaas, space);
    watch_slices(space);
  }
  {
    std::lock_guard lock(mutex_);
    unsynced_ = watches_.size();
  }
  for (Watch& watch : watches_) watch.reflector->start();
  builder_ = std::jthread([this](std::stop_token stop) { build(stop); });
}

void View::build(std::stop_token stop) {
  for (;;) {
    Snapshot next;
    {
      std::unique_lock lock(mutex_);
      const auto has_news = [this] { return unsynced_ == 0 && (world_.changed() || !published_); };
      if (!changed_.wait(lock, stop, has_news)) return;
      next = *publisher_.snapshot();
      world_.update(next);
    }
    const size_t functions = next.functions.size();
    publisher_.publish(std::move(next));
    bool first = false;
    {
      std::lock_guard lock(mutex_);
      first = !std::exchange(published_, true);
    }
    changed_.notify_all();
    if (first) log_info("cluster seen", {{"functions", functions}});
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, settings_.coalesce, [] { return false; });
    if (stop.stop_requested()) return;
  }
}

Status View::ready() const {
  std::lock_guard lock(mutex_);
  if (published_) return {};
  return fail(Code::kUnavailable,
              "the API server has not been heard yet: " + std::to_string(unsynced_) +
                  " of the first lists are missing",
              "see the log for why; it is tried again");
}

std::vector<std::string> View::namespaces() const {
  std::set<std::string> names(settings_.namespaces.begin(), settings_.namespaces.end());
  names.insert(settings_.default_namespace);
  for (const FunctionStatePtr& state : snapshot()->functions) names.insert(state->name_space());
  std::lock_guard lock(mutex_);
  names.insert(marked_.begin(), marked_.end());
  return {names.begin(), names.end()};
}

std::optional<Origin> View::origin_of(const FunctionId& id) const {
  std::lock_guard lock(mutex_);
  return world_.origin_of({id.name_space, id.name});
}

void View::wait_until(const std::function<bool(const Snapshot&)>& shows,
                      std::chrono::milliseconds longest) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, longest, [&] { return shows(*publisher_.snapshot()); });
}

}  // namespace faisca::cluster
