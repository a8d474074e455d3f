// The table of docs/reference/function.md, from the one list of fields (mapping.h). Pure.
#pragma once

#include <string>

namespace faisca::api {

std::string function_reference();

}  // namespace faisca::api
