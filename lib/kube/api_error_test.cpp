#include "lib/kube/api_error.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace faisca::kube {
namespace {

std::string status(int code, const char* reason, const char* cause = "") {
  Json out{{"kind", "Status"}, {"code", code}, {"reason", reason}, {"message", "the message"}};
  if (*cause != '\0') out["details"]["causes"] = {{{"reason", cause}}};
  return out.dump();
}

TEST(ApiError, MapsStatusAndReasonToACode) {
  const struct {
    int http;
    const char* reason;
    const char* cause;
    Code code;
  } cases[] = {
      {400, "BadRequest", "", Code::kInvalidArgument},
      {401, "Unauthorized", "", Code::kUnauthenticated},
      {403, "Forbidden", "", Code::kPermissionDenied},
      {403, "Forbidden", "NamespaceTerminating", Code::kFailedPrecondition},
      {404, "NotFound", "", Code::kNotFound},
      {409, "AlreadyExists", "", Code::kAlreadyExists},
      {409, "Conflict", "", Code::kAborted},
      {409, "Conflict", "FieldManagerConflict", Code::kFailedPrecondition},
      {410, "Expired", "", Code::kOutOfRange},
      {410, "Gone", "", Code::kOutOfRange},
      {422, "Invalid", "FieldValueRequired", Code::kInvalidArgument},
      {429, "TooManyRequests", "", Code::kResourceExhausted},
      {500, "InternalError", "", Code::kInternal},
      {503, "ServiceUnavailable", "", Code::kUnavailable},
      {504, "Timeout", "", Code::kDeadlineExceeded},
  };
  for (const auto& one : cases) {
    const Error error = api_error(one.http, status(one.http, one.reason, one.cause));
    EXPECT_EQ(error.code, one.code) << one.http << " " << one.reason;
    EXPECT_EQ(error.message, "the message");
    EXPECT_EQ(api_error(Json::parse(status(one.http, one.reason, one.cause))).code, one.code);
  }
}

TEST(ApiError, QuotesWhatIsNoStatus) {
  EXPECT_EQ(api_error(502, "<html>\nbad gateway</html>\n").message,
            "the API server answered 502: <html> bad gateway</html>");
  EXPECT_EQ(api_error(503, "").message, "the API server answered 503");
  EXPECT_EQ(api_error(429, "[1]").code, Code::kResourceExhausted);
}

TEST(ApiError, TellsWhatMayPassByItself) {
  for (const Code code : {Code::kAborted, Code::kUnavailable, Code::kDeadlineExceeded, Code::kInternal,
                          Code::kResourceExhausted})
    EXPECT_TRUE(is_transient(Error{code, "", "", {}})) << code_name(code);
  for (const Code code :
       {Code::kInvalidArgument, Code::kPermissionDenied, Code::kNotFound, Code::kFailedPrecondition})
    EXPECT_FALSE(is_transient(Error{code, "", "", {}})) << code_name(code);
}

}  // namespace
}  // namespace faisca::kube
