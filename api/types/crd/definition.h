// One CustomResourceDefinition around two schemas. Internal to api/types/crd. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/types/fields/document.h"

namespace faisca::api::internal {

struct Column {
  const char* name;
  const char* type;  // string, integer, date
  const char* path;
  const char* sentence;
  int priority = 0;  // 1: only with -o wide
};

struct Definition {
  const char* kind;
  const char* plural;
  const char* singular;
  std::vector<const char*> short_names;
  const char* sentence;
  bool namespaced = true;
  bool scale = false;  // spec.replicas, status.replicas, status.selector
  std::vector<Column> columns;
  const char* name_pattern;
  const char* name_message;
};

// `status` null: the kind has none. Throws nothing, checks nothing: the API server is the judge (tests).
std::string print_definition(const Definition& definition, Node spec, Node status);

}  // namespace faisca::api::internal
