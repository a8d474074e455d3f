// The API server's failures as faisca::Error: one table from status and reason to Code.
// https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#response-status-kind
//
// 400, 422 → kInvalidArgument · 401 → kUnauthenticated · 403 → kPermissionDenied, but kFailedPrecondition
// when the namespace is being deleted · 404 → kNotFound · 409 → kAlreadyExists, kAborted (resourceVersion),
// kFailedPrecondition (fields owned by another manager) · 410 → kOutOfRange · 429 → kResourceExhausted · 500
// → kInternal · 502, 503 → kUnavailable · 504 → kDeadlineExceeded. The server's message is kept word for
// word. Thread: pure.
#pragma once

#include <string_view>

#include "lib/base/result.h"
#include "lib/kube/json.h"

namespace faisca::kube {

// `body` is a Status object in JSON; anything else is quoted, cut to a line.
Error api_error(int http_status, std::string_view body);
// The Status object in a watch's ERROR event.
Error api_error(const Json& status);

inline bool is_not_found(const Error& error) { return error.code == Code::kNotFound; }
inline bool is_already_there(const Error& error) { return error.code == Code::kAlreadyExists; }
// Somebody else wrote the object meanwhile: read it again and decide anew.
inline bool is_conflict(const Error& error) { return error.code == Code::kAborted; }
// A resourceVersion or continue token is too old: list again.
inline bool is_expired(const Error& error) { return error.code == Code::kOutOfRange; }
// The same request may succeed later without anybody changing anything. Everything else is for a person.
bool is_transient(const Error& error);

}  // namespace faisca::kube
