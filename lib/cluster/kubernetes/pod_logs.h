// What the pods of a function print, as the API server passes it on from the kubelets.
//
// Without following: each pod's lines are read whole (bounded), merged by time. With following: a thread per
// pod reads on, and pods that come later join. Lines are passed to the sink on the calling thread.
// Thread: any; nothing is kept between calls.
#pragma once

#include <chrono>
#include <functional>

#include "lib/cluster/cluster.h"
#include "lib/kube/client.h"

namespace faisca::cluster {

struct PodLogSettings {
  std::chrono::milliseconds look{2'000};  // between looks for new pods, and restarted ones
  size_t most_pods = 50;                  // read at a time; more are left out
  size_t bytes = 8u << 20;                // of one pod, without following; the newest stay
};

// `query.function` has its namespace. `exists` false ends following.
Status read_pod_logs(kube::Client& client, const LogQuery& query, const PodLogSettings& settings,
                     const std::function<bool()>& exists, const std::function<bool(const LogLine&)>& sink);

// "2026-11-21T03:22:11.123456789Z text" → time and text; false if it does not begin with a time. Pure.
bool parse_pod_line(std::string_view line, LogLine& out);

}  // namespace faisca::cluster
