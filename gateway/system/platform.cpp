// /system/info, /system/namespaces, /healthz, /livez and /metrics.
#include "gateway/system/api.h"
#include "lib/base/log.h"
#include "lib/base/version.h"

namespace faisca::gateway {
namespace {

std::string version_json() {
  return std::string("{\"release\":\"") + kVersion + "\",\"sha\":\"\",\"commit_message\":\"\"}";
}

constexpr std::string_view architecture() {
#if defined(__x86_64__)
  return "x86_64";
#elif defined(__aarch64__)
  return "arm64";
#else
  return "unknown";
#endif
}

}  // namespace

// Provider and version must be objects: OpenFaaS's CLI reads their fields unchecked.
Answer Api::info(const ApiRequest&, const std::string&) {
  const cluster::Cluster::Info info = cluster_.info();
  Answer answer;
  answer.body = "{\"provider\":{\"provider\":" + json_quote(info.provider) +
                ",\"orchestration\":" + json_quote(info.orchestration) + ",\"version\":" + version_json() +
                "},\"version\":" + version_json() + ",\"arch\":\"" + std::string(architecture()) + "\"}\n";
  return answer;
}

Answer Api::namespaces(const ApiRequest&, const std::string&) {
  std::string list;
  for (const std::string& name : cluster_.namespaces()) list += (list.empty() ? "" : ",") + json_quote(name);
  return {.body = "[" + list + "]\n"};
}

Answer Api::health(const ApiRequest&, const std::string&) {
  const Status ready = cluster_.ready();
  if (!ready) return error_answer(ready.error(), "gateway to cluster");
  return {.content_type = "text/plain", .body = "OK\n"};
}

Answer Api::alive(const ApiRequest&, const std::string&) {
  return {.content_type = "text/plain", .body = "OK\n"};
}

Answer Api::metrics_text(const ApiRequest&, const std::string&) {
  return {.content_type = "text/plain; version=0.0.4; charset=utf-8",
          .body = metrics_.text(*cluster_.snapshot())};
}

}  // namespace faisca::gateway
