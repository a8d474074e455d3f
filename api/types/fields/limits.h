// What a field allows beside its type, for the API server's schema (api/types/crd): the same words stand in
// the error that `kubectl apply` prints. The readers of files leave these checks to `validate`. Plain values.
#pragma once

#include <cstddef>
#include <cstdint>

namespace faisca::api {

struct Limits {
  bool required = false;
  std::size_t min_length = 0;  // of text
  std::size_t max_length = 0;  // of text, and of each text of a list or map; 0: the printer's own bound
  const char* pattern = "";    // regular expression of text (RE2)
  const char* format = "";     // OpenAPI format of text, for example "date-time"
  int64_t min = INT64_MIN;     // of numbers
  int64_t max = INT64_MAX;     // of numbers
  std::size_t max_items = 0;   // of lists and maps; 0: the printer's own bound
  const char* key = "";        // list of objects: the member that is unique, so that appliers merge by it
  const char* initial = "";    // default on the API server where our own default is "absent"
  bool set = false;            // list of text or numbers without repetition
};

// A DNS-1123 label, and the stricter name of a Service (RFC 1035).
inline constexpr char kLabelPattern[] = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";
inline constexpr char kSubdomainPattern[] = "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$";
inline constexpr char kServicePattern[] = "^[a-z]([-a-z0-9]*[a-z0-9])?$";

}  // namespace faisca::api
