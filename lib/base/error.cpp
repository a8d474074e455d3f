#include "lib/base/error.h"

#include <array>
#include <cerrno>
#include <cstring>

namespace faisca {
namespace {

struct Row {
  std::string_view name;
  int http;
};

// Indexed by Code. The only place where a code becomes an HTTP status.
constexpr std::array<Row, 17> kTable = {{
    {"OK", 200},
    {"CANCELLED", 499},
    {"UNKNOWN", 502},
    {"INVALID_ARGUMENT", 400},
    {"DEADLINE_EXCEEDED", 504},
    {"NOT_FOUND", 404},
    {"ALREADY_EXISTS", 409},
    {"PERMISSION_DENIED", 403},
    {"RESOURCE_EXHAUSTED", 429},
    {"FAILED_PRECONDITION", 409},
    {"ABORTED", 409},
    {"OUT_OF_RANGE", 413},
    {"UNIMPLEMENTED", 501},
    {"INTERNAL", 500},
    {"UNAVAILABLE", 503},
    {"DATA_LOSS", 500},
    {"UNAUTHENTICATED", 401},
}};

const Row& row(Code code) {
  const auto index = static_cast<size_t>(code);
  return kTable[index < kTable.size() ? index : static_cast<size_t>(Code::kUnknown)];
}

}  // namespace

std::string Error::text() const {
  std::string out = message;
  if (!context.empty()) {
    out += " (";
    for (size_t i = 0; i < context.size(); ++i) out += (i ? ", " : "") + context[i];
    out += ")";
  }
  if (!hint.empty()) out += "; hint: " + hint;
  return out;
}

std::string_view code_name(Code code) { return row(code).name; }

int http_status(Code code) { return row(code).http; }

Error errno_error(int number, std::string_view what) {
  Error error{Code::kInternal, std::string(what) + ": " + std::strerror(number), "", {}};
  switch (number) {
    case ENOENT:
      error.code = Code::kNotFound;
      break;
    case EEXIST:
      error.code = Code::kAlreadyExists;
      break;
    case EACCES:
    case EPERM:
      error.code = Code::kPermissionDenied;
      break;
    case ENOSPC:
    case EDQUOT:
      error.code = Code::kUnavailable;
      error.hint = "free some disk space and try again; what was stored before is unchanged";
      break;
    default:
      break;
  }
  return error;
}

}  // namespace faisca
