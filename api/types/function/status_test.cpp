#include "api/types/function/status.h"

#include <gtest/gtest.h>

namespace faisca::api {
namespace {

TEST(FunctionStatus, ReadsBackWhatItPrints) {
  FunctionStatus status;
  status.conditions = {
      {kReady, ConditionStatus::kFalse, "ImagePullBackOff", "no \"such\" image", 3, "2026-01-02T03:04:05Z"}};
  status.observed_generation = 3;
  status.replicas = 2;
  status.ready_replicas = 1;
  status.selector = "faisca.dev/function=resize";
  status.url = "http://gateway/function/resize";
  status.reason = "ImagePullBackOff";
  status.runtime = "ebpf/xdp";
  status.offload = OffloadStatus{"node1-0", {0, 1}, int64_t{1} << 40, 7, "abc"};
  const auto read =
      parse_function_status("{\"apiVersion\":\"faisca.dev/v1alpha1\",\"kind\":\"Function\",\"status\":" +
                            print_status_json(status) + "}");
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, status);
}

TEST(FunctionStatus, IsEmptyWhenAbsentAndIgnoresWhatANewerOperatorWrote) {
  EXPECT_EQ(parse_function_status("{}").value(), FunctionStatus{});
  EXPECT_EQ(parse_function_status(R"({"status":{"replicas":2,"mood":"good"}})")->replicas, 2);
}

}  // namespace
}  // namespace faisca::api
