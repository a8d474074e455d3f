#include "lib/kube/answer.h"

#include <array>
#include <nlohmann/json.hpp>

namespace faisca::kube {
namespace {

// Sees each key with its depth: 1 is the outermost object's. Dropped: metadata.managedFields of an object, of
// a list's items and of a watch event's object.
class ManagedFieldsFilter {
 public:
  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    if (event != Json::parse_event_t::key) return true;
    const auto& key = parsed.get_ref<const std::string&>();
    const auto level = static_cast<size_t>(depth);
    if (level < in_metadata_.size()) in_metadata_[level] = key == "metadata";
    const bool is_objects = level == 2 || level == 3 || level == 4;
    return !(is_objects && in_metadata_[level - 1] && key == "managedFields");
  }

 private:
  std::array<bool, 5> in_metadata_{};
};

}  // namespace

Result<Json> parse_answer(std::string_view body) {
  Json out = Json::parse(body, ManagedFieldsFilter(), /*allow_exceptions=*/false);
  if (out.is_discarded())
    return fail(Code::kUnknown, "the API server's answer is not JSON: " + std::string(body.substr(0, 120)),
                "is this the address of an API server?");
  return out;
}

}  // namespace faisca::kube
