#include "operator/function/caches.h"

#include <nlohmann/json.hpp>

#include "lib/kube/object.h"
#include "operator/function/projection.h"

namespace faisca::operators {
namespace {

const std::string kOurs = std::string(kManagedByLabel) + "=" + std::string(kFieldManager);

std::vector<std::string> or_all(std::vector<std::string> spaces) {
  if (spaces.empty()) spaces.emplace_back();
  return spaces;
}

Result<FunctionItem> function_item(const kube::Json& object) {
  FAISCA_TRY(text, function_text(object));
  return FunctionItem{std::move(text), kube::text_at(object, "/spec/source/runtime")};
}

Result<api::RuntimeSpec> runtime_item(const kube::Json& object) {
  FAISCA_TRY(runtime, api::parse_runtime(object.dump(), api::UnknownFields::kIgnore));
  return std::move(runtime.spec);
}

kube::ObjectKey owner_of(const std::string& space, const std::string& text) {
  return {space, kube::label_of(kube::Json::parse(text, nullptr, false), kFunctionLabel)};
}

std::vector<Collection<std::string>> make_children(kube::Client& client,
                                                   const std::vector<std::string>& spaces) {
  std::vector<Collection<std::string>> out;
  for (const ChildKind kind : kChildKinds)
    out.emplace_back(client, spaces,
                     kube::ReflectorSettings{.resource = resource_of(kind), .label_selector = kOurs},
                     child_text);
  return out;
}

}  // namespace

Caches::Caches(kube::Client& client, const Origin& origin, std::vector<std::string> spaces)
    : origin_(origin.resource),
      functions_(client, or_all(spaces), {.resource = origin.resource}, function_item),
      children_(make_children(client, or_all(spaces))),
      pods_(client, or_all(spaces), {.resource = kube::kPods, .label_selector = kOurs}, view_of_pod),
      runtimes_(client, {""}, {.resource = kube::kRuntimes}, runtime_item) {
  pods_.each([](auto& informer) {
    informer.index_by([](const auto& item) {
      return std::vector<std::string>{kube::ObjectKey{item.key.space, item.value.function}.text()};
    });
  });
}

template <class Call>
void Caches::each(const Call& call) const {
  runtimes_.each(call);
  functions_.each(call);
  for (const auto& collection : children_) collection.each(call);
  pods_.each(call);
}

void Caches::on_function(std::function<void(const kube::ObjectKey&)> changed) {
  functions_.each([&](auto& informer) { informer.on_change(changed); });
  for (const auto& collection : children_)
    collection.each([&](auto& informer) {
      informer.on_event([changed](const auto& before, const auto& after) {
        const auto& item = after ? after : before;
        changed(owner_of(item->key.space, item->value));
      });
    });
  pods_.each([&](auto& informer) {
    informer.on_event([changed](const auto& before, const auto& after) {
      // Most changes of a pod say nothing new.
      if (before && after && before->value == after->value) return;
      const auto& item = after ? after : before;
      changed({item->key.space, item->value.function});
    });
  });
  runtimes_.each([&](auto& informer) {
    informer.on_change([this, changed](const kube::ObjectKey& key) { runtime_changed(key.name, changed); });
  });
}

void Caches::on_gone(std::function<void(const kube::Resource&, const kube::ObjectKey&)> gone) {
  const auto watch = [&](auto& informer, const kube::Resource& resource) {
    informer.on_event([gone, resource](const auto& before, const auto& after) {
      if (!after) gone(resource, before->key);
    });
  };
  functions_.each([&](auto& informer) { watch(informer, origin_); });
  for (const ChildKind kind : kChildKinds)
    children_[static_cast<size_t>(kind)].each([&](auto& informer) { watch(informer, resource_of(kind)); });
}

void Caches::runtime_changed(const std::string& name,
                             const std::function<void(const kube::ObjectKey&)>& changed) const {
  functions_.each([&](auto& informer) {
    for (const auto& item : informer.all())
      if (item->value.runtime == name) changed(item->key);
  });
}

void Caches::start() {
  each([](auto& informer) { informer.start(); });
}

void Caches::stop() {
  each([](auto& informer) { informer.stop(); });
}

bool Caches::synced() const {
  bool all = true;
  each([&](auto& informer) { all = all && informer.synced(); });
  return all;
}

bool Caches::wait_synced(std::chrono::milliseconds longest) const {
  const auto end = std::chrono::steady_clock::now() + longest;
  bool all = true;
  each([&](auto& informer) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    all = all && informer.wait_synced(std::max(left, std::chrono::milliseconds(0)));
  });
  return all;
}

std::vector<PodView> Caches::pods(const kube::ObjectKey& function) const {
  std::vector<PodView> out;
  if (const auto* informer = pods_.of(function.space))
    for (const auto& item : informer->find(function.text())) out.push_back(item->value);
  return out;
}

std::optional<api::RuntimeSpec> Caches::runtime(const std::string& name) const {
  const auto item = runtimes_.get({"", name});
  if (!item) return std::nullopt;
  return item->value;
}

size_t Caches::functions() const {
  size_t count = 0;
  functions_.each([&](auto& informer) { count += informer.size(); });
  return count;
}

}  // namespace faisca::operators
