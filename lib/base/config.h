// A binary's settings: one struct of plain members, each declared once with its default, unit and a sentence.
//
//   struct GatewayConfig { uint16_t port = 8080; std::chrono::nanoseconds read_timeout = 60s; };
//   Config config("faisca-gateway", "Routes requests to functions.");
//   config.add("port", &settings.port, {.sentence = "TCP port to listen on; 0 picks a free one"});
//   FAISCA_TRY(action, config.load(argc, argv, environ));
//
// Order of strength: default < file (`--config FILE`, YAML) < environment < flag. Unknown or unparsable
// values are an error that names the field, the value and the remedy. `--help` and docs/reference/config.md
// are made from the declarations. Thread: used by main before threads start; keeps pointers into the caller's
// struct.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace faisca {

// A size in bytes, so that it is written as "10Mi" and not mistaken for a count.
struct Bytes {
  uint64_t count = 0;
};

class Config {
 public:
  struct Field {
    std::string sentence = {};              // what it is for; ends without a full stop
    std::string unit = {};                  // "duration", "bytes", "requests"…; filled in for typed fields
    std::vector<std::string> env = {};      // names read before the default one; the first that is set wins
    std::vector<std::string> choices = {};  // the only values allowed; empty = any
    int64_t min = INT64_MIN, max = INT64_MAX;  // for integers, durations (ns) and bytes
    bool secret = false;                       // never printed
  };
  enum class Action { kRun, kExit };  // kExit: --help or --version was answered on stdout

  // Environment names are FAISCA_<FIELD>, in capitals.
  Config(std::string binary, std::string summary);
  ~Config();
  Config(const Config&) = delete;
  Config& operator=(const Config&) = delete;

  void add(std::string name, std::string* target, Field field);
  void add(std::string name, int64_t* target, Field field);
  void add(std::string name, int* target, Field field);
  void add(std::string name, uint16_t* target, Field field);
  void add(std::string name, bool* target, Field field);
  void add(std::string name, std::chrono::nanoseconds* target, Field field);
  void add(std::string name, Bytes* target, Field field);

  // `environment` is a null-ended array as `environ`. Flags are --name-with-dashes VALUE.
  Result<Action> load(int argc, const char* const* argv, const char* const* environment);

  std::string help() const;       // for --help
  std::string markdown() const;   // a section of docs/reference/config.md
  std::string effective() const;  // {"port":"8080",…} with secrets as "***"

 private:
  struct Entry;
  Status set(Entry& entry, const std::string& value, std::string_view where);
  void add_entry(std::string name, Field field, std::string unit, std::string initial,
                 std::function<Status(const std::string&)> parse, std::function<std::string()> print);

  std::string binary_;
  std::string summary_;
  std::vector<Entry> entries_;
};

}  // namespace faisca
