#include "operator/function/origin.h"

#include "api/types/function/yaml.h"
#include "operator/function/openfaas.h"

namespace faisca::operators {

const Origin& faisca_origin() {
  static const Origin kOrigin{
      .resource = kube::kFunctions,
      .read = [](std::string_view text) { return api::parse_function(text, api::UnknownFields::kIgnore); },
      .read_status = [](std::string_view text) { return api::parse_function_status(text); },
      .status_json =
          [](const api::FunctionStatus& status) {
            return kube::Json::parse(api::print_status_json(status));
          }};
  return kOrigin;
}

const Origin& openfaas_origin() {
  static const Origin kOrigin{.resource = kube::kOpenFaasFunctions,
                              .read = read_openfaas_function,
                              .read_status = read_openfaas_status,
                              .status_json = openfaas_status_json};
  return kOrigin;
}

}  // namespace faisca::operators
