#include "api/types/runtime/runtime.h"

#include "api/types/fields/resource.h"
#include "api/types/runtime/mapping.h"

namespace faisca::api {
namespace {

constexpr internal::Kind kKind{kApiVersion, kRuntimeKind};
constexpr auto kFields = [](auto& io, Runtime& v) {
  io.object("spec", v.spec, internal::kRuntimeSpecFields, "");
};

}  // namespace

Result<Runtime> parse_runtime(std::string_view text, UnknownFields unknown) {
  return internal::read_resource<Runtime>(text, kKind, kFields, unknown);
}
std::string print_runtime(const Runtime& runtime) {
  return print_yaml(internal::write_resource(runtime, kKind, kFields));
}
std::string print_runtime_json(const Runtime& runtime) {
  return print_json(internal::write_resource(runtime, kKind, kFields));
}

}  // namespace faisca::api
