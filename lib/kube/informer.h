// A local copy of a collection that follows the API server: list in pages, then watch.
//
//   struct Row { std::string image; int replicas; };
//   Informer<Row> functions(client, {.resource = kFunctions}, [](const Json& object) { … return row; });
//   functions.on_change([&](const ObjectKey& key) { queue.add(key); });
//   functions.start();
//
// The projection decides what is kept: a few fields for thousands of objects; `compact_text` keeps a whole
// object as text. An object whose projection fails is kept out, and logged once a version.
//
// Thread: one of its own runs the list, the watch, the projection and the handlers, one after another: a
// handler must be quick (put a key into a queue). Reading is safe from any thread and never waits for the
// network; what it gives is immutable. Register handlers and indexes before `start`. After the destructor
// (or `stop`) no handler runs.
//
// Invariants: (1) handlers see each object's changes in order; (2) `changed` comes after the store has the
// new state; (3) an object that vanished while the watch was cut is reported when the list after it is
// complete.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "lib/kube/reflector.h"

namespace faisca::kube {

// A whole object as compact JSON text without managedFields; parse it where it is needed.
Result<std::string> compact_text(const Json& object);

template <class T>
class Informer {
 public:
  struct Item {
    ObjectKey key;
    std::string uid;
    std::string resource_version;
    T value;
  };
  using ItemPtr = std::shared_ptr<const Item>;
  using Projection = std::function<Result<T>(const Json& object)>;
  // The words under which an item is found by `find`: an owner's uid, a label's value, "namespace/name".
  using IndexWords = std::function<std::vector<std::string>(const Item& item)>;
  // `before` is null when it was added, `after` when it was deleted.
  using Handler = std::function<void(const ItemPtr& before, const ItemPtr& after)>;

  Informer(Client& client, ReflectorSettings settings, Projection project)
      : project_(std::move(project)), reflector_(client, std::move(settings), *static_cast<Feed*>(&feed_)) {}
  ~Informer() { stop(); }

  void index_by(IndexWords words) { words_ = std::move(words); }
  void on_event(Handler handler) { handlers_.push_back(std::move(handler)); }
  void on_change(std::function<void(const ObjectKey&)> changed) {
    on_event([changed = std::move(changed)](const ItemPtr& before, const ItemPtr& after) {
      changed(after ? after->key : before->key);
    });
  }
  // Once, when the first list is complete and its handlers have run; on the informer's thread.
  void on_synced(std::function<void()> synced) { on_synced_ = std::move(synced); }

  void start() { reflector_.start(); }
  void stop() { reflector_.stop(); }
  bool synced() const { return reflector_.synced(); }
  bool wait_synced(std::chrono::milliseconds longest) const { return reflector_.wait_synced(longest); }
  ReflectorCounters counters() const { return reflector_.counters(); }

  ItemPtr get(const ObjectKey& key) const {
    std::shared_lock lock(mutex_);
    const auto found = items_.find(key);
    return found == items_.end() ? nullptr : found->second;
  }
  std::vector<ItemPtr> find(const std::string& word) const {
    std::vector<ItemPtr> out;
    std::shared_lock lock(mutex_);
    for (auto [from, to] = index_.equal_range(word); from != to; ++from) out.push_back(from->second);
    return out;
  }
  // All, in the order of their keys.
  std::vector<ItemPtr> all() const {
    std::vector<ItemPtr> out;
    std::shared_lock lock(mutex_);
    out.reserve(items_.size());
    for (const auto& [key, item] : items_) out.push_back(item);
    return out;
  }
  size_t size() const {
    std::shared_lock lock(mutex_);
    return items_.size();
  }

 private:
  // What the reflector calls, on its thread.
  struct Feed final : ReflectorSink {
    explicit Feed(Informer& owner) : owner(owner) {}
    void upsert(const Json& object) override { owner.upsert(object); }
    void remove(const ObjectKey& key) override { owner.put(key, nullptr); }
    std::vector<ObjectKey> keys() override {
      std::vector<ObjectKey> out;
      for (const auto& [key, item] : owner.items_) out.push_back(key);  // only this thread writes
      return out;
    }
    void synced() override {
      if (owner.on_synced_) owner.on_synced_();
    }
    Informer& owner;
  };

  void upsert(const Json& object) {
    ObjectHead head = head_of(object);
    if (const ItemPtr known = get(head.key); known && known->resource_version == head.resource_version)
      return;
    Result<T> value = project_(object);
    if (!value) {
      log_unreadable(head, value.error());
      put(head.key, nullptr);
      return;
    }
    put(head.key, std::make_shared<const Item>(Item{head.key, std::move(head.uid),
                                                    std::move(head.resource_version), *std::move(value)}));
  }

  void put(const ObjectKey& key, ItemPtr after) {
    ItemPtr before;
    {
      std::unique_lock lock(mutex_);
      const auto found = items_.find(key);
      if (found != items_.end()) before = found->second;
      if (before) unindex(before);
      if (after) {
        items_[key] = after;
        if (words_)
          for (std::string& word : words_(*after)) index_.emplace(std::move(word), after);
      } else if (before) {
        items_.erase(found);
      }
    }
    if (!before && !after) return;
    for (const Handler& handler : handlers_) handler(before, after);
  }

  void unindex(const ItemPtr& item) {
    if (!words_) return;
    for (const std::string& word : words_(*item))
      for (auto [from, to] = index_.equal_range(word); from != to; ++from)
        if (from->second == item) {
          index_.erase(from);
          break;
        }
  }

  Projection project_;
  IndexWords words_;
  std::vector<Handler> handlers_;
  std::function<void()> on_synced_;
  mutable std::shared_mutex mutex_;
  std::map<ObjectKey, ItemPtr> items_;         // guarded by mutex_; written by the reflector's thread only
  std::multimap<std::string, ItemPtr> index_;  // guarded by mutex_
  Feed feed_{*this};
  Reflector reflector_;
};

}  // namespace faisca::kube
