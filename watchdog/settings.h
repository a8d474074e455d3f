// All settings of both watchdogs, with the names that users of the OpenFaaS watchdogs know as environment
// aliases.
#pragma once

#include <string>
#include <vector>

#include "lib/base/config.h"
#include "watchdog/server/connection.h"

namespace faisca::watchdog {

struct Settings {
  std::string command;  // of the handler, split on single spaces; or everything after "--"
  std::string mode = "fork";
  uint16_t port = 8080;
  uint16_t metrics_port = 8081;
  int listen_fd = -1;  // an inherited listening socket instead of `port`
  int metrics_fd = -1;
  int threads = 0;  // reactors; 0: one a CPU, at most 4
  Duration read_timeout = std::chrono::seconds(30);
  Duration write_timeout = std::chrono::seconds(30);
  Duration exec_timeout = std::chrono::seconds(30);
  Duration idle_timeout = std::chrono::minutes(3);
  std::string healthcheck_text;     // a duration; empty: as write_timeout
  Duration healthcheck_interval{};  // of healthcheck_text, made by complete()
  Bytes max_body{10u << 20};
  Bytes buffer_output{1u << 20};
  int max_inflight = 0;
  std::string lock_file = "/tmp/.lock";
  bool suppress_lock = false;
  bool combine_output = true;
  bool cgi_headers = true;
  bool prefix_logs = true;
  Bytes log_buffer_size{64u << 10};
  std::string content_type;
  std::string log_level = "info";

  // Offload only.
  std::string agent = "unix:/run/faisca/agent.sock";
  std::string object;
  std::string program;
  std::string function;
  std::string convention = "mem";
  std::string output = "decimal";
  int64_t budget = 1'000'000;
};

enum class Kind { kFork, kOffload };

// Declares every field that this kind of watchdog knows.
void declare(Config& config, Settings& settings, Kind kind);

// What no single field can tell: combinations, and defaults that depend on others.
Status complete(Settings& settings, Kind kind);

// The handler's argv: `after_dashes` if there is any, else `command` split on single spaces as OpenFaaS does.
// A first word without a slash is looked up in the working folder, then in `search_path`.
Result<std::vector<std::string>> handler_arguments(const Settings& settings,
                                                   const std::vector<std::string>& after_dashes,
                                                   std::string_view search_path);

ServerSettings server_settings(const Settings& settings);

// The command line up to "--", and what stands behind it.
struct CommandLine {
  std::vector<const char*> own;
  std::vector<std::string> after_dashes;
  bool run_healthcheck = false;  // -run-healthcheck: only test the lock file
};
CommandLine split_command_line(int argc, const char* const* argv);

}  // namespace faisca::watchdog
