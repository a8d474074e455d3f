#include "operator/function/counting_client.h"

#include <nlohmann/json.hpp>

namespace faisca::operators {

Result<kube::Json> CountingClient::send(const kube::Request& request) {
  Result<kube::Json> answer = client_.send(request);
  if (request.verb != kube::Verb::kGet && request.verb != kube::Verb::kList) {
    std::string resource(request.resource.plural);
    if (!request.subresource.empty()) resource += "/" + request.subresource;
    metrics_.wrote(request.rbac_verb(), resource, answer ? "ok" : code_name(answer.error().code));
  }
  return answer;
}

Status CountingClient::stream(const kube::Request& request, const LineSink& line, std::stop_token stop) {
  return client_.stream(request, line, std::move(stop));
}

}  // namespace faisca::operators
