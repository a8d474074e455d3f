#include "api/types/fields/resource.h"

#include "lib/base/duration.h"

namespace faisca::api::internal {

Result<Node> parse_resource(std::string_view text, const Kind& kind) {
  if (text.size() > kMaxResourceText)
    return fail(
        Code::kInvalidArgument,
        "the text has " + std::to_string(text.size()) + " bytes, more than " + format_bytes(kMaxResourceText),
        "put large code into source.archive or an image");
  FAISCA_TRY(document, parse_document(text));
  if (document.kind != Node::Kind::kMap)
    return fail(Code::kInvalidArgument, "the document is not a map of fields",
                std::string("start with apiVersion: ") + kind.api_version + " and kind: " + kind.kind);
  return document;
}

}  // namespace faisca::api::internal
