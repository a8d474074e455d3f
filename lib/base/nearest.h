// The known word nearest to one that was mistyped, for "did you mean …?" in error messages.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace faisca {

// By edit distance (Levenshtein), ignoring case; "" when `known` is empty.
std::string nearest(std::string_view word, std::span<const std::string> known);

}  // namespace faisca
