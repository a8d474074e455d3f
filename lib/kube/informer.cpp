#include "lib/kube/informer.h"

#include <nlohmann/json.hpp>

namespace faisca::kube {

Result<std::string> compact_text(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace faisca::kube
