#include "lib/kube/resource.h"

namespace faisca::kube {

std::string Resource::api_version() const {
  return group.empty() ? std::string(version) : std::string(group) + "/" + std::string(version);
}

std::string ObjectKey::text() const { return space.empty() ? name : space + "/" + name; }

}  // namespace faisca::kube
