// The reader of AdmissionReviews takes any bytes: it answers or refuses, and an answer is JSON with the
// request's uid.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "operator/webhook/review.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto answer = faisca::webhook::review({reinterpret_cast<const char*>(data), size});
  if (!answer) return 0;
  const auto json = nlohmann::json::parse(*answer, nullptr, false);
  if (json.is_discarded() || json["response"]["uid"].get<std::string>().empty()) std::abort();
  if (!json["response"]["allowed"].is_boolean()) std::abort();
  return 0;
}
