// The words of an enumeration, in the order of the schema.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace faisca::api {

template <class Enum, size_t kCount>
using Choices = std::array<std::pair<std::string_view, Enum>, kCount>;

// The word of `value`; empty for a value that is not listed.
template <class Enum, size_t kCount>
std::string_view word_of(const Choices<Enum, kCount>& choices, Enum value) {
  for (const auto& [word, meaning] : choices)
    if (meaning == value) return word;
  return {};
}

}  // namespace faisca::api
