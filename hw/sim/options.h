// The command line of `faisca sim`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/result.h"

namespace faisca::sim {

enum class OracleKind { kNone, kModel, kKernel };

struct Options {
  std::string object, program;
  struct Input {
    std::uint32_t port = 0;
    std::string path;
  };
  std::vector<Input> inputs;
  std::vector<std::pair<std::string, std::string>> maps;  // name, file
  std::string out;                                        // folder; empty: nothing is written
  std::uint32_t size = 60, flows = 1;
  std::optional<std::uint64_t> packets;
  double mpps = 0;  // 0: as the wire allows
  struct Swap {
    std::string path;
    std::uint64_t packet = 0;  // counted from 1
  };
  std::optional<Swap> swap;
  OracleKind oracle = OracleKind::kNone;
  bool serial = false, strict = false;
  std::string json;
};

// Nothing: --help was answered on stdout. Errors are kInvalidArgument and name the option.
Result<std::optional<Options>> parse_options(int argc, const char* const* argv);

}  // namespace faisca::sim
