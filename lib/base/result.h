// Result<T>: a value or an Error. Functions that can fail return it; nothing of ours throws.
//
//   Result<Config> load(path) {
//     FAISCA_TRY(text, read_file(path));                    // declares `text`, or returns the error
//     return parse(text).map_error(while_doing("reading " + path));
//   }
#pragma once

#include <string>
#include <utility>

#include <tl/expected.hpp>

#include "lib/base/error.h"

namespace faisca {

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(Code code, std::string message, std::string hint = "") {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(hint), {}});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

// For `result.map_error(while_doing("storing hello"))`: adds "while storing hello" to the context.
inline auto while_doing(std::string what) {
  return [what = std::move(what)](Error error) {
    error.context.push_back("while " + what);
    return error;
  };
}

}  // namespace faisca

#define FAISCA_CONCAT_(a, b) a##b
#define FAISCA_CONCAT(a, b) FAISCA_CONCAT_(a, b)

// FAISCA_TRY(name, expression): name = value of the expression, or return its error.
#define FAISCA_TRY(name, ...)                                                                                \
  auto FAISCA_CONCAT(name, _result) = (__VA_ARGS__);                                                         \
  if (!FAISCA_CONCAT(name, _result)) return ::faisca::fail(std::move(FAISCA_CONCAT(name, _result)).error()); \
  auto name = *std::move(FAISCA_CONCAT(name, _result))

// FAISCA_CHECK_OK(expression): return the error of a Status, if it is one.
#define FAISCA_CHECK_OK(...)                                    \
  do {                                                          \
    if (auto faisca_status_ = (__VA_ARGS__); !faisca_status_)   \
      return ::faisca::fail(std::move(faisca_status_).error()); \
  } while (false)
