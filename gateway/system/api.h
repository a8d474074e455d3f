// The gateway's own API: OpenFaaS's REST interface over a Cluster.
//
// One file a resource: functions.cpp, secrets.cpp, logs.cpp, platform.cpp. Paths, JSON names and status codes
// are OpenFaaS's (docs/reference/api.md). Thread: `handle` may block and be called from several threads;
// never from a reactor.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/answer/answer.h"
#include "gateway/metrics/metrics.h"
#include "lib/base/clock.h"
#include "lib/cluster/cluster.h"

namespace faisca::gateway {

// A line of a log as OpenFaaS has it: one JSON object and a line end.
void append_log_line(std::string& out, const cluster::FunctionId& function, const cluster::LogLine& line);

struct ApiRequest {
  std::string method;
  std::string path;   // without query
  std::string query;  // without "?"
  std::string accept;
  std::string content_type;
  std::string body;

  // The value of a query parameter, percent-decoded; "" without one.
  std::string parameter(std::string_view name) const;
};

class Api {
 public:
  // All outlive it.
  Api(cluster::Cluster& cluster, Metrics& metrics, const Clock& clock)
      : cluster_(cluster), metrics_(metrics), clock_(clock) {}

  // Counts the request, too.
  Answer handle(const ApiRequest& request);

  // A request whose answer has no end: logs that are followed. What to follow, nothing if it is another
  // request, or what is wrong with it. Does not block.
  struct Following {
    std::optional<cluster::LogQuery> query;
    std::optional<Answer> refusal;
  };
  Following following(const ApiRequest& request) const;
  // Once such a request has ended.
  void count_followed(int status, SteadyTime began);

 private:
  using Handler = Answer (Api::*)(const ApiRequest& request, const std::string& name);
  struct Endpoint;
  static const Endpoint kEndpoints[];

  Answer list_functions(const ApiRequest& request, const std::string& name);
  Answer create_function(const ApiRequest& request, const std::string& name);
  Answer update_function(const ApiRequest& request, const std::string& name);
  Answer delete_function(const ApiRequest& request, const std::string& name);
  Answer get_function(const ApiRequest& request, const std::string& name);
  Answer scale_function(const ApiRequest& request, const std::string& name);
  Answer logs(const ApiRequest& request, const std::string& name);
  Answer info(const ApiRequest& request, const std::string& name);
  Answer namespaces(const ApiRequest& request, const std::string& name);
  Answer list_secrets(const ApiRequest& request, const std::string& name);
  Answer create_secret(const ApiRequest& request, const std::string& name);
  Answer update_secret(const ApiRequest& request, const std::string& name);
  Answer delete_secret(const ApiRequest& request, const std::string& name);
  Answer alive(const ApiRequest& request, const std::string& name);
  Answer health(const ApiRequest& request, const std::string& name);
  Answer metrics_text(const ApiRequest& request, const std::string& name);

  Answer apply_function(const ApiRequest& request, cluster::Apply how);
  Answer apply_secret(const ApiRequest& request, cluster::Apply how);
  std::string status_of(const cluster::FunctionState& state);
  std::optional<Answer> read_log_query(const ApiRequest& request, cluster::LogQuery& query) const;
  std::string namespace_of(const std::string& given) const;
  cluster::FunctionId id_of(const std::string& called, const std::string& name_space) const;

  cluster::Cluster& cluster_;
  Metrics& metrics_;
  const Clock& clock_;
};

}  // namespace faisca::gateway
