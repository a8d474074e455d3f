// A whole resource as text, from the lists of its fields: what the files of each kind share. Internal to
// api/types; include it in .cpp files.
#pragma once

#include <string>
#include <string_view>

#include "api/types/fields/document.h"
#include "api/types/fields/metadata.h"
#include "api/types/fields/reader.h"
#include "api/types/fields/writer.h"

namespace faisca::api::internal {

inline constexpr std::size_t kMaxResourceText = 8u << 20;

struct Kind {
  const char* api_version;
  const char* kind;
};

// The document of `text`, which must be a map.
Result<Node> parse_resource(std::string_view text, const Kind& kind);

// `fields` lists spec and status, where the kind has them.
template <class T, class Fields>
Result<T> read_resource(std::string_view text, const Kind& kind, const Fields& fields,
                        UnknownFields unknown) {
  FAISCA_TRY(document, parse_resource(text, kind));
  T value;
  ReadState state{.unknown = unknown};
  Reader reader(document, "", state);
  reader.constant("apiVersion", kind.api_version);
  reader.constant("kind", kind.kind);
  reader.object("metadata", value.metadata, kMetadataFields, "");
  fields(reader, value);
  reader.ignored("status");  // when `fields` does not read it
  reader.finish();
  if (state.error) return fail(std::move(*state.error));
  return value;
}

template <class T, class Fields>
Node write_resource(T value, const Kind& kind, const Fields& fields) {
  Writer writer;
  writer.text("apiVersion", kind.api_version, "");
  writer.text("kind", kind.kind, "");
  writer.object("metadata", value.metadata, kMetadataFields, "");
  fields(writer, value);
  return writer.take();
}

}  // namespace faisca::api::internal
