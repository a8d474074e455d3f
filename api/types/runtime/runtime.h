// The Runtime resource (faisca.dev/v1alpha1, cluster scoped): a prepared environment into which the code of a
// Function with `source` is put, without building an image. Its name is what `source.runtime` says.
// Thread: plain values, pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/types/fields/metadata.h"
#include "api/types/fields/unknown.h"
#include "api/types/function/function.h"
#include "lib/base/result.h"

namespace faisca::api {

inline constexpr char kRuntimeKind[] = "Runtime";

struct RuntimeSpec {
  std::string image;                 // its entry point is the watchdog
  std::string file;                  // what inline code is called in the function's folder, "handler.py"
  std::vector<std::string> command;  // runs it there, when the function says no handler.command
  std::vector<EnvVar> env;           // weaker than the function's own

  bool operator==(const RuntimeSpec&) const = default;
};

struct Runtime {
  Metadata metadata;
  RuntimeSpec spec;

  bool operator==(const Runtime&) const = default;
};

Result<Runtime> parse_runtime(std::string_view text, UnknownFields unknown = UnknownFields::kRefuse);
std::string print_runtime(const Runtime& runtime);  // YAML
std::string print_runtime_json(const Runtime& runtime);

}  // namespace faisca::api
