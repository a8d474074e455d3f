#include "lib/base/error.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "lib/base/result.h"

namespace faisca {
namespace {

TEST(Error, MapsEveryCodeToOneHttpStatus) {
  const std::pair<Code, int> table[] = {
      {Code::kOk, 200},
      {Code::kCancelled, 499},
      {Code::kUnknown, 502},
      {Code::kInvalidArgument, 400},
      {Code::kDeadlineExceeded, 504},
      {Code::kNotFound, 404},
      {Code::kAlreadyExists, 409},
      {Code::kPermissionDenied, 403},
      {Code::kResourceExhausted, 429},
      {Code::kFailedPrecondition, 409},
      {Code::kAborted, 409},
      {Code::kOutOfRange, 413},
      {Code::kUnimplemented, 501},
      {Code::kInternal, 500},
      {Code::kUnavailable, 503},
      {Code::kDataLoss, 500},
      {Code::kUnauthenticated, 401},
  };
  for (const auto& [code, status] : table) EXPECT_EQ(http_status(code), status) << code_name(code);
}

TEST(Error, TreatsANumberOutsideTheEnumAsUnknown) {
  EXPECT_EQ(code_name(static_cast<Code>(99)), "UNKNOWN");
  EXPECT_EQ(http_status(static_cast<Code>(-1)), 502);
}

TEST(Error, TextHoldsMessageContextAndHint) {
  Error error{
      Code::kNotFound, "no function \"hello\"", "deploy it first", {"while routing", "while serving"}};
  EXPECT_EQ(error.text(), "no function \"hello\" (while routing, while serving); hint: deploy it first");
}

TEST(Error, FullDiskIsUnavailableAndSaysWhatToDo) {
  const Error error = errno_error(ENOSPC, "cannot write hello.yaml");
  EXPECT_EQ(error.code, Code::kUnavailable);
  EXPECT_FALSE(error.hint.empty());
}

Result<int> half(int value) {
  if (value % 2) return fail(Code::kInvalidArgument, std::to_string(value) + " is odd");
  return value / 2;
}
Result<int> quarter(int value) {
  FAISCA_TRY(once, half(value).map_error(while_doing("halving")));
  return half(once).map_error(while_doing("halving again"));
}

TEST(Result, TryReturnsTheErrorWithTheContextOfEachLayer) {
  EXPECT_EQ(quarter(8), 2);
  EXPECT_EQ(quarter(6).error().text(), "3 is odd (while halving again)");
  EXPECT_EQ(quarter(7).error().text(), "7 is odd (while halving)");
}

}  // namespace
}  // namespace faisca
