#include "api/types/offload_program/offload_program.h"

#include "api/types/fields/resource.h"
#include "api/types/offload_program/mapping.h"

namespace faisca::api {
namespace {

constexpr internal::Kind kKind{kApiVersion, kOffloadProgramKind};
constexpr auto kSpec = [](auto& io, OffloadProgram& v) {
  io.object("spec", v.spec, internal::kProgramSpecFields, "");
};
constexpr auto kFields = [](auto& io, OffloadProgram& v) {
  kSpec(io, v);
  io.object("status", v.status, internal::kProgramStatusFields, "");
};

}  // namespace

Result<OffloadProgram> parse_offload_program(std::string_view text, UnknownFields unknown) {
  return internal::read_resource<OffloadProgram>(text, kKind, kFields, unknown);
}
std::string print_offload_program_json(const OffloadProgram& program) {
  return print_json(internal::write_resource(program, kKind, kFields));
}
std::string print_offload_program_spec_json(const OffloadProgram& program) {
  return print_json(internal::write_resource(program, kKind, kSpec));
}

}  // namespace faisca::api
