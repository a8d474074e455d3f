#include "api/types/function/status.h"

#include "api/types/fields/resource.h"
#include "api/types/function/function.h"
#include "api/types/function/status_mapping.h"

namespace faisca::api {

Result<FunctionStatus> parse_function_status(std::string_view text) {
  FAISCA_TRY(document, internal::parse_resource(text, {kApiVersion, kFunctionKind}));
  FunctionStatus status;
  internal::ReadState state{.unknown = UnknownFields::kIgnore};
  internal::Reader reader(document, "", state);
  reader.object("status", status, internal::kStatusFields, "");
  if (state.error) return fail(std::move(*state.error));
  return status;
}

std::string print_status_json(const FunctionStatus& status) {
  FunctionStatus copy = status;
  internal::Writer writer;
  internal::kStatusFields(writer, copy);
  return print_json(writer.take());
}

}  // namespace faisca::api
