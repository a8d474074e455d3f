#include "api/types/function/yaml.h"

#include "api/types/fields/resource.h"
#include "api/types/function/mapping.h"

namespace faisca::api {
namespace {

constexpr internal::Kind kKind{kApiVersion, kFunctionKind};

constexpr auto kFields = [](auto& io, Function& v) {
  io.object("spec", v.spec, internal::kSpecFields, "What runs and how");
};

}  // namespace

Result<Function> parse_function(std::string_view text, UnknownFields unknown) {
  return internal::read_resource<Function>(text, kKind, kFields, unknown);
}

std::string print_function(const Function& function) {
  return print_yaml(internal::write_resource(function, kKind, kFields));
}

std::string print_function_json(const Function& function) {
  return print_json(internal::write_resource(function, kKind, kFields));
}

}  // namespace faisca::api
