// Requests through a whole gateway to scripted instances: what passes, and how.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/testing/world.h"

namespace faisca::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

TEST(Proxy, PassesARequestToAnInstanceAndItsAnswerBack) {
  World world;
  ScriptedInstance instance(echo);
  world.put(function("hello").on(instance));
  TestClient client = world.client();
  const Response response = client.request("POST", "/function/hello/a/b?c=d", "body");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "body");
  EXPECT_EQ(response.headers.at("x-path"), "POST /a/b?c=d HTTP/1.1");
}

}  // namespace
}  // namespace faisca::gateway::testing
