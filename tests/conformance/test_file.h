// Test files in the public bpf_conformance `.data` format: sections that start with a line `-- NAME`.
//
//   -- asm       program text (lib/bpf/assembler.h)        -- raw     64-bit words instead, hexadecimal or
//   decimal
//   -- mem       bytes of the memory, hexadecimal          -- result  expected R0, hexadecimal or decimal
//   -- error     the program must be refused or fault      -- map     one map a line: name type key value
//   entries
//   -- c, -- no register offset: ignored. `#` starts a comment anywhere.
// Pure functions; input may be anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"
#include "lib/bpf/program.h"

namespace faisca::conformance {

struct TestFile {
  bpf::Program program;                // of `asm` or `raw`
  std::optional<Error> not_assembled;  // why there is no program; expected if expects_error
  std::vector<std::uint8_t> memory;
  std::optional<std::uint64_t> result;
  bool expects_error = false;
  std::string skip;  // why the file is not for us; empty if it is
};

Result<TestFile> parse_test_file(std::string_view text);

}  // namespace faisca::conformance
