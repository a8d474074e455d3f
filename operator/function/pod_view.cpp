#include "operator/function/pod_view.h"

#include <nlohmann/json.hpp>

#include "lib/kube/object.h"
#include "operator/function/children.h"

namespace faisca::operators {
namespace {

using kube::Json;
using kube::text_at;

constexpr int kLoop = 2;  // so many restarts are a crash loop, whatever the container does at the moment

void set(PodView& out, std::string reason, std::string message) {
  out.reason = std::move(reason);
  out.message = std::move(message);
}

// The kubelet alternates between the attempt and the wait, with the cause behind the words.
std::string pull_message(const Json& status) {
  std::string cause = text_at(status, "/state/waiting/message");
  for (const std::string_view word : {"ErrImagePull: ", "InvalidImageName: "})
    if (const size_t at = cause.find(word); at != std::string::npos) cause = cause.substr(at + word.size());
  return "the image " + text_at(status, "/image") + " cannot be had: " + cause;
}

std::string end_message(const Json& ended) {
  const Json& code = kube::at(ended, "/exitCode");
  std::string out = "the container ended";
  if (code.is_number_integer()) out += " with exit code " + std::to_string(code.get<int>());
  if (const std::string reason = text_at(ended, "/reason"); !reason.empty() && reason != "Error")
    out += " (" + reason + ")";
  const std::string message = text_at(ended, "/message");
  return message.empty() ? out + "; its log says more" : out + ": " + message;
}

void look_at_container(const Json& status, PodView& out) {
  const Json& ready = kube::at(status, "/ready");
  if (ready.is_boolean() && ready.get<bool>()) return;
  const std::string waiting = text_at(status, "/state/waiting/reason");
  const Json& last = kube::at(status, "/lastState/terminated");
  const Json& ended = kube::at(status, "/state/terminated");
  const Json& restarts = kube::at(status, "/restartCount");
  if (waiting == "ErrImagePull" || waiting == "ImagePullBackOff")
    return set(out, "ImagePullBackOff", pull_message(status));
  if (waiting == "CrashLoopBackOff" ||
      (restarts.is_number() && restarts.get<int>() >= kLoop && last.is_object()))
    return set(out, text_at(last, "/reason") == "OOMKilled" ? "OOMKilled" : "CrashLoopBackOff",
               end_message(last));
  if (ended.is_object()) return set(out, "ContainerEnded", end_message(ended));
  if (!waiting.empty() && waiting != "ContainerCreating" && waiting != "PodInitializing")
    set(out, waiting, text_at(status, "/state/waiting/message"));
}

}  // namespace

Result<PodView> view_of_pod(const Json& pod) {
  PodView out;
  out.function = kube::label_of(pod, kFunctionLabel);
  out.deleting = kube::is_being_deleted(pod);
  if (text_at(pod, "/status/phase") == "Failed")
    set(out, text_at(pod, "/status/reason").empty() ? "PodFailed" : text_at(pod, "/status/reason"),
        text_at(pod, "/status/message"));
  for (const Json& condition : kube::at(pod, "/status/conditions")) {
    const bool holds = text_at(condition, "/status") == "True";
    if (text_at(condition, "/type") == "Ready") out.ready = holds;
    if (text_at(condition, "/type") == "PodScheduled" && !holds &&
        text_at(condition, "/reason") == "Unschedulable")
      set(out, "Unschedulable", text_at(condition, "/message"));
  }
  if (out.reason.empty())
    for (const Json& status : kube::at(pod, "/status/containerStatuses")) look_at_container(status, out);
  return out;
}

}  // namespace faisca::operators
