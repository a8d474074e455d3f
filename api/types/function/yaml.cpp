#include "api/types/function/yaml.h"

#include <optional>

#include "api/types/function/document.h"
#include "api/types/function/mapping.h"
#include "api/types/function/reader.h"
#include "api/types/function/writer.h"
#include "lib/base/duration.h"

namespace faisca::api {
namespace {

Node to_document(Function function) {
  internal::Writer writer;
  writer.text("apiVersion", kApiVersion, "");
  writer.text("kind", kFunctionKind, "");
  internal::kFunctionFields(writer, function);
  return writer.take();
}

}  // namespace

Result<Function> parse_function(std::string_view text) {
  if (text.size() > kMaxFunctionText)
    return fail(
        Code::kInvalidArgument,
        "the text has " + std::to_string(text.size()) + " bytes, more than " + format_bytes(kMaxFunctionText),
        "put large code into source.archive");
  FAISCA_TRY(document, parse_document(text));
  if (document.kind != Node::Kind::kMap)
    return fail(Code::kInvalidArgument, "the document is not a map of fields",
                std::string("start with apiVersion: ") + kApiVersion + " and kind: " + kFunctionKind);
  Function function;
  std::optional<Error> error;
  internal::Reader reader(document, "", error);
  reader.constant("apiVersion", kApiVersion);
  reader.constant("kind", kFunctionKind);
  internal::kFunctionFields(reader, function);
  reader.ignored("status");  // written by the platform; there when a resource is printed and applied again
  reader.finish();
  if (error) return fail(std::move(*error));
  return function;
}

std::string print_function(const Function& function) { return print_yaml(to_document(function)); }

std::string print_function_json(const Function& function) { return print_json(to_document(function)); }

}  // namespace faisca::api
