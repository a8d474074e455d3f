#include "gateway/metrics/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace faisca::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, CountsInvocationsUnderOpenFaasNames) {
  Metrics metrics;
  FunctionMetrics* hello = metrics.function("hello", "openfaas-fn");
  EXPECT_EQ(metrics.function("hello", "openfaas-fn"), hello);
  hello->started();
  hello->started();
  hello->finished(200, 0.02);
  const std::string text = metrics.text({});
  EXPECT_THAT(text, HasSubstr(R"(gateway_function_invocation_started{function_name="hello.openfaas-fn"} 2)"));
  EXPECT_THAT(text,
              HasSubstr(R"(gateway_function_invocation_inflight{function_name="hello.openfaas-fn"} 1)"));
  EXPECT_THAT(
      text,
      HasSubstr(R"(gateway_function_invocation_total{code="200",function_name="hello.openfaas-fn"} 1)"));
  EXPECT_THAT(
      text,
      HasSubstr(
          R"(gateway_functions_seconds_bucket{code="200",function_name="hello.openfaas-fn",le="0.025"} 1)"));
}

TEST(Metrics, TellsReplicasOfTheFunctionsThereAre) {
  Metrics metrics;
  cluster::Snapshot snapshot;
  auto state = std::make_shared<cluster::FunctionState>();
  state->replicas = 3;
  state->ready.resize(2);
  state->function.metadata = {"hello", "openfaas-fn", {}, {}};
  put(snapshot, state);
  const std::string text = metrics.text(snapshot);
  EXPECT_THAT(text, HasSubstr(R"(gateway_service_count{function_name="hello.openfaas-fn"} 3)"));
  EXPECT_THAT(text, HasSubstr(R"(gateway_service_ready_count{function_name="hello.openfaas-fn"} 2)"));
  EXPECT_THAT(text, HasSubstr(R"(gateway_service_min{function_name="hello.openfaas-fn"} 1)"));
  EXPECT_THAT(metrics.text({}), Not(HasSubstr("gateway_service_count{")));
}

TEST(Metrics, CountsTheApiByMethodPathAndStatus) {
  Metrics metrics;
  metrics.api_request("GET", "/system/functions", 200, 0.001);
  EXPECT_THAT(metrics.text({}),
              HasSubstr(R"(http_requests_total{method="GET",path="/system/functions",status="200"} 1)"));
  EXPECT_THAT(
      metrics.text({}),
      HasSubstr(R"(provider_http_requests_total{code="200",method="GET",path="/system/functions"} 1)"));
}

TEST(Metrics, CountsFromSeveralThreads) {
  Metrics metrics;
  FunctionMetrics* hello = metrics.function("hello", "openfaas-fn");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int code : {200, 500, 404, 200}) {
        hello->started();
        hello->finished(code, 0.1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(hello->finished_count(), 16u);
  EXPECT_THAT(metrics.text({}), HasSubstr(R"(code="200",function_name="hello.openfaas-fn"} 8)"));
}

}  // namespace
}  // namespace faisca::gateway
