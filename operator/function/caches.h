// The local copies that decisions are made from: Functions, their children, their pods, Runtimes. Compact:
// texts instead of trees (projection.h).
//
// Thread: reading from any; `on_function` is called on the informers' threads and must be quick. The client
// must outlive it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "api/types/runtime/runtime.h"
#include "lib/kube/informer.h"
#include "operator/function/children.h"
#include "operator/function/origin.h"
#include "operator/function/pod_view.h"

namespace faisca::operators {

// One kind in all namespaces, or in some: then the operator needs no rights beyond them.
template <class T>
class Collection {
 public:
  using Item = kube::Informer<T>;

  Collection(kube::Client& client, const std::vector<std::string>& spaces, kube::ReflectorSettings settings,
             typename Item::Projection project) {
    for (const std::string& space : spaces) {
      settings.space = space;
      parts_.emplace_back(space, std::make_unique<Item>(client, settings, project));
    }
  }

  Item* of(const std::string& space) const {
    for (const auto& [name, informer] : parts_)
      if (name.empty() || name == space) return informer.get();
    return nullptr;
  }
  typename Item::ItemPtr get(const kube::ObjectKey& key) const {
    const Item* informer = of(key.space);
    return informer ? informer->get(key) : nullptr;
  }
  template <class Call>
  void each(const Call& call) const {
    for (const auto& [name, informer] : parts_) call(*informer);
  }

 private:
  std::vector<std::pair<std::string, std::unique_ptr<Item>>> parts_;
};

struct FunctionItem {
  std::string text;     // compact JSON
  std::string runtime;  // that it names; may be empty
};

class Caches {
 public:
  // `spaces` empty: all namespaces.
  Caches(kube::Client& client, const Origin& origin, std::vector<std::string> spaces);

  // Called with a Function's key whenever it, a child or a pod of it, or its Runtime changed.
  void on_function(std::function<void(const kube::ObjectKey&)> changed);

  // Called when a Function or a child is gone, before `on_function`'s.
  void on_gone(std::function<void(const kube::Resource&, const kube::ObjectKey&)> gone);

  void start();
  void stop();
  bool synced() const;
  bool wait_synced(std::chrono::milliseconds longest) const;

  std::shared_ptr<const kube::Informer<FunctionItem>::Item> function(const kube::ObjectKey& key) const {
    return functions_.get(key);
  }
  // Compact JSON (projection.h), and the resourceVersion; null: there is none of ours.
  std::shared_ptr<const kube::Informer<std::string>::Item> child(ChildKind kind,
                                                                 const kube::ObjectKey& function) const {
    return children_[static_cast<size_t>(kind)].get(child_key(kind, function));
  }
  std::vector<PodView> pods(const kube::ObjectKey& function) const;
  std::optional<api::RuntimeSpec> runtime(const std::string& name) const;
  size_t functions() const;

 private:
  template <class Call>
  void each(const Call& call) const;
  void runtime_changed(const std::string& name,
                       const std::function<void(const kube::ObjectKey&)>& changed) const;

  kube::Resource origin_;
  Collection<FunctionItem> functions_;
  std::vector<Collection<std::string>> children_;  // by ChildKind
  Collection<PodView> pods_;
  Collection<api::RuntimeSpec> runtimes_;
};

}  // namespace faisca::operators
