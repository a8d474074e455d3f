// What can go wrong, as a value: a gRPC status code, a sentence for a person, and the way it came.
//
// Every layer returns Result<T> (result.h); the one table from code to HTTP status is `http_status`.
// Codes and their meaning: https://grpc.github.io/grpc/core/md_doc_statuscodes.html
// Thread: plain values, no shared state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faisca {

// The numbers are gRPC's, so that a cast to and from grpc::StatusCode is exact.
enum class Code {
  kOk = 0,
  kCancelled = 1,
  kUnknown = 2,
  kInvalidArgument = 3,
  kDeadlineExceeded = 4,
  kNotFound = 5,
  kAlreadyExists = 6,
  kPermissionDenied = 7,
  kResourceExhausted = 8,
  kFailedPrecondition = 9,
  kAborted = 10,
  kOutOfRange = 11,
  kUnimplemented = 12,
  kInternal = 13,
  kUnavailable = 14,
  kDataLoss = 15,
  kUnauthenticated = 16,
};

struct Error {
  Code code = Code::kUnknown;
  std::string message;               // what failed, with which value
  std::string hint;                  // what to do about it; may be empty
  std::vector<std::string> context;  // "while …", innermost first

  // "message (while …, while …); hint: …"
  std::string text() const;
};

// The code's name as gRPC writes it, for example "INVALID_ARGUMENT".
std::string_view code_name(Code code);

// The HTTP status that a client sees for `code`. 502 belongs to kUnknown: an instance answered what
// no one can understand; 413 to kOutOfRange: the input is larger than a limit; 499 to kCancelled.
int http_status(Code code);

// errno as an Error: ENOENT → kNotFound, EEXIST → kAlreadyExists, EACCES/EPERM → kPermissionDenied,
// ENOSPC/EDQUOT → kUnavailable with a hint about space, anything else kInternal. `what` names the attempt.
Error errno_error(int number, std::string_view what);

}  // namespace faisca
