// A Function as text: YAML 1.2 (and JSON, its subset) in, YAML out.
//
// parse_function takes exactly one document. It checks shape, not sense: unknown and duplicate fields, wrong
// types, durations, quantities, base64. Absent fields get the defaults of function.h. Call `validate`
// afterwards. Every error is kInvalidArgument and names the line, the field's path, the value and the remedy.
// Input is hostile: at most kMaxFunctionText bytes, UTF-8, no anchors or aliases, bounded depth and node
// count. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "api/types/fields/unknown.h"
#include "api/types/function/function.h"
#include "lib/base/result.h"

namespace faisca::api {

inline constexpr std::size_t kMaxFunctionText = 8u << 20;

// kIgnore: for objects that the API server holds; its schema may be newer than this program.
Result<Function> parse_function(std::string_view text, UnknownFields unknown = UnknownFields::kRefuse);

// The whole effective spec without empty fields, in the order of fields.h. parse_function(print_function(f))
// == f for every f whose text is UTF-8.
std::string print_function(const Function& function);
// The same as JSON on one line; parse_function reads it too.
std::string print_function_json(const Function& function);

}  // namespace faisca::api
