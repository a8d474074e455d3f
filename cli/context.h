// What main hands to every command: where to read and write, which gateway, how to print.
// Thread: one, that of main.
#pragma once

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "lib/base/result.h"

namespace faisca::cli {

enum class Format { kTable, kJson, kYaml };

struct Context {
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  std::istream* in = nullptr;
  bool in_terminal = false;
  bool out_terminal = false;
  bool err_terminal = false;
  Format format = Format::kTable;
  std::string gateway;                   // URL without a trailing slash
  std::string command = "faisca";        // how this program was called: argv[0]
  std::filesystem::path programs;        // folder of this binary; the platform's other binaries are beside it
  std::filesystem::path state;           // default of `up --home`
  std::vector<std::string> environment;  // NAME=value, for build recipes and the platform's processes

  // Value of an environment variable; "" if it is not set.
  std::string variable(const std::string& name) const;
};

}  // namespace faisca::cli
