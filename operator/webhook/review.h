// Judges an AdmissionReview (admission.k8s.io/v1): may this Function be stored? One with `offload` only if
// its bytecode loads, links and verifies, exactly as the agent will do it. Everything else is allowed: other
// kinds and operations, a Function without offload, one that is being deleted, and an update that leaves
// offload as it was, so that a Function from before a stricter verifier can still be scaled, labelled and
// deleted. https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
//
// Input is hostile: any bytes. Thread: pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "api/types/function/function.h"
#include "lib/base/result.h"

namespace faisca::webhook {

inline constexpr std::size_t kMaxReview = 8u << 20;  // bytes; the API server takes objects of 3 MiB

// The AdmissionReview that answers `body`. kInvalidArgument: it is no AdmissionReview with a uid (HTTP 400);
// kOutOfRange: longer than kMaxReview.
Result<std::string> review(std::string_view body);

struct Judgement {
  Status allowed;                     // the error is what the user sees
  std::vector<std::string> warnings;  // for a user whose Function is allowed
};
Judgement judge(const api::Function& function);

}  // namespace faisca::webhook
