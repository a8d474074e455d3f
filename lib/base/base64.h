// Base64 with padding (RFC 4648 §4). Pure.
#pragma once

#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace faisca {

std::string base64_encode(std::string_view bytes);

// White space between the digits is skipped (files are often wrapped at 76). kInvalidArgument names the bad
// byte's offset.
Result<std::string> base64_decode(std::string_view text);

}  // namespace faisca
