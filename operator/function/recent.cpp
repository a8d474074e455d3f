#include "operator/function/recent.h"

#include <charconv>

namespace faisca::operators {
namespace {

// 0 for what is not a number.
uint64_t number_of(const std::string& version) {
  uint64_t out = 0;
  const char* end = version.data() + version.size();
  const auto [stop, error] = std::from_chars(version.data(), end, out);
  return error == std::errc() && stop == end ? out : 0;
}

}  // namespace

void Recent::put(const kube::Resource& resource, const kube::ObjectKey& key, std::string resource_version,
                 std::string text) {
  std::lock_guard lock(mutex_);
  answers_[{resource.group, resource.plural, key}] = {std::move(resource_version), std::move(text)};
}

std::optional<std::string> Recent::newer(const kube::Resource& resource, const kube::ObjectKey& key,
                                         const std::string& cached) {
  std::lock_guard lock(mutex_);
  const auto found = answers_.find({resource.group, resource.plural, key});
  if (found == answers_.end()) return std::nullopt;
  Answer& answer = found->second;
  if (number_of(answer.resource_version) > number_of(cached) && ++answer.looks <= kLongest)
    return answer.text;
  answers_.erase(found);
  return std::nullopt;
}

void Recent::forget(const kube::Resource& resource, const kube::ObjectKey& key) {
  std::lock_guard lock(mutex_);
  answers_.erase({resource.group, resource.plural, key});
}

size_t Recent::size() const {
  std::lock_guard lock(mutex_);
  return answers_.size();
}

}  // namespace faisca::operators
