#include "gateway/route/route.h"

#include <gtest/gtest.h>

namespace faisca::gateway {
namespace {

TEST(Route, SplitsNameAndRest) {
  struct Case {
    std::string_view path, function, rest;
  };
  const Case cases[] = {
      {"/function/hello", "hello", "/"},
      {"/function/hello/", "hello", "/"},
      {"/function/hello/a/b", "hello", "/a/b"},
      {"/function/hello//a", "hello", "//a"},
      {"/function/hello/../system", "hello", "/../system"},
      {"/function/hello.openfaas-fn", "hello.openfaas-fn", "/"},
      {"/function/hello.openfaas-fn/x", "hello.openfaas-fn", "/x"},
      {"/function/hello.other/x", "hello.other", "/x"},
      {"/function/a-b_C.9", "a-b_C.9", "/"},
      {"/function/function/function/", "function", "/function/"},
  };
  for (const Case& c : cases) {
    const Route route = parse_route(c.path);
    EXPECT_EQ(route.kind, Route::Kind::kFunction) << c.path;
    EXPECT_EQ(route.function, c.function) << c.path;
    EXPECT_EQ(route.rest, c.rest) << c.path;
  }
}

TEST(Route, KnowsNamesThatNoFunctionCanHave) {
  for (std::string_view path : {"/function/", "/function//x", "/function/a%20b", "/function/a:b",
                                "/function/..%2fsystem", "/function/a;b/"}) {
    EXPECT_EQ(parse_route(path).kind, Route::Kind::kBadFunction) << path;
  }
}

TEST(Route, LeavesTheRestToThePlatform) {
  for (std::string_view path :
       {"/", "/function", "/functions/hello", "/Function/hello", "/system/functions", "*", ""}) {
    EXPECT_EQ(parse_route(path).kind, Route::Kind::kPlatform) << path;
  }
}

}  // namespace
}  // namespace faisca::gateway
