// Kubernetes quantities by value, so that "0.5" and "500m" are the same.
// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ Thread: pure.
#pragma once

#include <optional>
#include <string_view>

namespace faisca::kube {

// The value in whole nano-units, rounded up as the API server does; empty: not a quantity, or over 10^29.
std::optional<__int128> quantity_value(std::string_view text);

}  // namespace faisca::kube
