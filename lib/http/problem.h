// Why a peer's bytes cannot be taken: the status to answer a client with, and a constant sentence for people.
// Not an Error: parsers run per request, so this is two words and never allocates.
#pragma once

#include <string_view>

namespace faisca::http {

struct Problem {
  int status = 0;           // 400, 413, 414, 431, 501 or 505; 0 = no problem
  std::string_view reason;  // a string literal, for example "space before the colon of a header"

  explicit operator bool() const { return status != 0; }
};

}  // namespace faisca::http
