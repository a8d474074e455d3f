#include "operator/function/pod_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace faisca::operators {
namespace {

PodView view(const char* status) {
  kube::Json pod = {{"metadata", {{"labels", {{"faisca.dev/function", "resize"}}}}}};
  pod["status"] = kube::Json::parse(status);
  return view_of_pod(pod).value();
}

TEST(PodView, TellsWhyAPodIsNotReady) {
  struct Row {
    const char* status;
    const char* reason;
    const char* message;
  };
  const Row kRows[] = {
      {R"({"phase":"Pending"})", "", ""},
      {R"({"conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes"}]})",
       "Unschedulable", "0/3 nodes"},
      {R"({"containerStatuses":[{"state":{"waiting":{"reason":"ContainerCreating"}}}]})", "", ""},
      {R"({"containerStatuses":[{"image":"x:1","state":{"waiting":{"reason":"ErrImagePull","message":"not found"}}}]})",
       "ImagePullBackOff", "the image x:1 cannot be had: not found"},
      {R"({"containerStatuses":[{"image":"x:1","state":{"waiting":{"reason":"ImagePullBackOff",
           "message":"Back-off pulling image \"x:1\": ErrImagePull: not found"}}}]})",
       "ImagePullBackOff", "the image x:1 cannot be had: not found"},
      {R"({"containerStatuses":[{"state":{"waiting":{"reason":"CreateContainerConfigError","message":"secret \"t\" not found"}}}]})",
       "CreateContainerConfigError", "secret \"t\" not found"},
      {R"({"containerStatuses":[{"restartCount":1,"state":{"waiting":{"reason":"CrashLoopBackOff"}},
           "lastState":{"terminated":{"exitCode":7,"reason":"Error"}}}]})",
       "CrashLoopBackOff", "the container ended with exit code 7; its log says more"},
      {R"({"containerStatuses":[{"restartCount":5,"state":{"running":{}},
           "lastState":{"terminated":{"exitCode":7,"reason":"Error"}}}]})",
       "CrashLoopBackOff", "the container ended with exit code 7; its log says more"},
      {R"({"containerStatuses":[{"restartCount":2,"state":{"waiting":{"reason":"CrashLoopBackOff"}},
           "lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]})",
       "OOMKilled", "the container ended with exit code 137 (OOMKilled); its log says more"},
      {R"({"containerStatuses":[{"restartCount":0,"state":{"running":{}}}]})", "", ""},
      {R"({"containerStatuses":[{"ready":true,"restartCount":9,"state":{"running":{}},"lastState":{"terminated":{"exitCode":1}}}]})",
       "", ""},
      {R"({"phase":"Failed","reason":"Evicted","message":"The node was low on memory"})", "Evicted",
       "low on memory"},
  };
  for (const Row& row : kRows) {
    const PodView pod = view(row.status);
    EXPECT_EQ(pod.reason, row.reason) << row.status;
    EXPECT_THAT(pod.message, testing::HasSubstr(row.message)) << row.status;
    EXPECT_EQ(pod.function, "resize");
  }
}

TEST(PodView, SaysTheSameWhileTheKubeletTriesAgain) {
  EXPECT_EQ(
      view(
          R"({"containerStatuses":[{"restartCount":5,"state":{"running":{}},"lastState":{"terminated":{"exitCode":7}}}]})"),
      view(
          R"({"containerStatuses":[{"restartCount":6,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":7}}}]})"));
}

TEST(PodView, KnowsReadyAndGoingPods) {
  EXPECT_TRUE(view(R"({"conditions":[{"type":"Ready","status":"True"}]})").ready);
  kube::Json going = {{"metadata", {{"deletionTimestamp", "2026-01-02T03:04:05Z"}}}};
  EXPECT_TRUE(view_of_pod(going)->deleting);
}

}  // namespace
}  // namespace faisca::operators
