// Mnemonics of assembly text in all their spellings → the names of the table in isa.h. Internal to the
// assembler.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/bpf/isa.h"
#include "lib/bpf/program.h"

namespace faisca::bpf {

std::string lower(std::string text);

// "bswap32" → "swap32", "add64" → "add", "goto" → "ja"; other names as they are.
std::string canonical_mnemonic(std::string name);

// "lock add", "lock fetch add32", "atomic fetch add", "atomic_fetch_add", "xchg", "cmpxchg32": the table's
// name, with `words` left as the operands. Nothing, and `words` unchanged, if `first` begins no atomic
// instruction.
std::optional<std::string> atomic_mnemonic(const std::string& first, std::vector<std::string>& words);

// The row with this name, in its register or immediate form where it has both; nullptr if there is none.
const Encoding* find_row(std::string_view name, bool has_register_source);

// map_by_fd(NAME) → handle; map_val(NAME)[+offset] → device address.
std::optional<std::uint64_t> map_reference(const std::string& text, const std::vector<MapDescriptor>& maps);

}  // namespace faisca::bpf
