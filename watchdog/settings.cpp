#include "watchdog/settings.h"

#include "lib/base/log.h"

#include <sched.h>

#include <algorithm>

#include "lib/base/duration.h"
#include "lib/process/executable.h"

namespace faisca::watchdog {
namespace {

constexpr int kMostThreads = 4;

int usable_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

void declare_fork(Config& config, Settings& settings) {
  config.add("command", &settings.command,
             {.sentence = "command of the handler, split on single spaces; or give it after --",
              .env = {"fprocess", "function_process"}});
  config.add("mode", &settings.mode,
             {.sentence = "how the handler is run; fork: a process for every request",
              .env = {"mode"},
              .choices = {"fork"}});
  config.add("buffer_output", &settings.buffer_output,
             {.sentence = "output up to this size waits for the handler's exit status; what is longer is "
                          "streamed with status 200",
              .env = {},
              .min = 4096});
  config.add("combine_output", &settings.combine_output,
             {.sentence = "put the handler's stderr into the response body too; false: into the log",
              .env = {"combine_output"}});
  config.add("cgi_headers", &settings.cgi_headers,
             {.sentence = "give the request to the handler as Http_… environment variables",
              .env = {"cgi_headers"}});
  config.add("prefix_logs", &settings.prefix_logs,
             {.sentence = "begin each line of the handler's stderr in the log with \"stderr: \"",
              .env = {"prefix_logs"}});
  config.add("log_buffer_size", &settings.log_buffer_size,
             {.sentence = "longest line of the handler's stderr; longer ones are cut in several",
              .env = {"log_buffer_size"},
              .min = 80,
              .max = 16 << 20});
  config.add("content_type", &settings.content_type,
             {.sentence = "Content-Type of responses; empty: that of the request, else text/plain",
              .env = {"content_type"}});
}

void declare_offload(Config& config, Settings& settings) {
  config.add("mode", &settings.mode, {.sentence = "ignored: this watchdog only offloads", .env = {"mode"}});
  config.add("agent", &settings.agent,
             {.sentence = "gRPC address of the offload agent, for example unix:/run/faisca/agent.sock"});
  config.add("object", &settings.object,
             {.sentence = "file with the compiled eBPF object (clang -target bpf)", .unit = "path"});
  config.add("program", &settings.program,
             {.sentence = "function of the object to enter; empty: the only one"});
  config.add("function", &settings.function,
             {.sentence = "name of the Function, for the agent's statistics",
              .env = {"FAISCA_FUNCTION", "OPENFAAS_NAME"}});
  config.add("convention", &settings.convention,
             {.sentence = "mem: R1 = body, R2 = its length; xdp: R1 = struct xdp_md of the body as a packet",
              .env = {},
              .choices = {"mem", "xdp"}});
  config.add("output", &settings.output,
             {.sentence = "response body: R0 as a number, or the memory as the program left it",
              .env = {},
              .choices = {"decimal", "hex16", "hex32", "hex64", "memory"}});
  config.add("budget", &settings.budget,
             {.sentence = "instructions that one invocation may retire",
              .unit = "instructions",
              .env = {},
              .min = 1});
}

}  // namespace

void declare(Config& config, Settings& settings, Kind kind) {
  kind == Kind::kFork ? declare_fork(config, settings) : declare_offload(config, settings);
  config.add("port", &settings.port,
             {.sentence = "TCP port to listen on; 0 picks a free one", .env = {"port"}});
  config.add("metrics_port", &settings.metrics_port,
             {.sentence = "TCP port of /metrics; 0 picks a free one"});
  config.add(
      "listen_fd", &settings.listen_fd,
      {.sentence = "inherited listening socket to use instead of port; -1: none", .unit = "descriptor"});
  config.add("metrics_fd", &settings.metrics_fd,
             {.sentence = "inherited listening socket to use instead of metrics_port; -1: none",
              .unit = "descriptor"});
  config.add("threads", &settings.threads,
             {.sentence = "event loops; 0: one for each CPU, at most 4 (offload: one)",
              .env = {},
              .min = 0,
              .max = 64});
  config.add("read_timeout", &settings.read_timeout,
             {.sentence = "for a request to arrive whole; 0: no limit", .env = {"read_timeout"}});
  config.add("write_timeout", &settings.write_timeout,
             {.sentence = "for a response to make progress, and for requests in progress at shutdown",
              .env = {"write_timeout"},
              .min = 1});
  config.add("exec_timeout", &settings.exec_timeout,
             {.sentence = "for an invocation; then its handler is killed and the answer is 408; 0: no limit",
              .env = {"exec_timeout"}});
  config.add("idle_timeout", &settings.idle_timeout,
             {.sentence = "how long an idle connection is kept; 0: no limit"});
  config.add(
      "healthcheck_interval", &settings.healthcheck_text,
      {.sentence = "how long to serve on after SIGTERM, so that routers notice; none: as write_timeout",
       .unit = "duration",
       .env = {"healthcheck_interval"}});
  config.add("max_body", &settings.max_body, {.sentence = "larger request bodies get 413"});
  config.add("max_inflight", &settings.max_inflight,
             {.sentence = "requests in progress above which further ones get 429; 0: no limit",
              .unit = "requests",
              .env = {"max_inflight"},
              .min = 0});
  config.add("lock_file", &settings.lock_file,
             {.sentence = "exists while requests are served", .unit = "path"});
  config.add("suppress_lock", &settings.suppress_lock,
             {.sentence = "make no lock file", .env = {"suppress_lock"}});
  config.add("log_level", &settings.log_level,
             {.sentence = "what the watchdog itself logs", .env = {}, .choices = log_level_names()});
}

Status complete(Settings& settings, Kind kind) {
  settings.healthcheck_interval = settings.write_timeout;
  if (!settings.healthcheck_text.empty()) {
    FAISCA_TRY(
        interval,
        parse_duration(settings.healthcheck_text).map_error(while_doing("reading healthcheck_interval")));
    settings.healthcheck_interval = interval;
  }
  // Offloading is the agent's work: one loop is enough for what is left.
  if (settings.threads == 0)
    settings.threads = kind == Kind::kOffload ? 1 : std::clamp(usable_cpus(), 1, kMostThreads);
  if (kind == Kind::kOffload && settings.object.empty())
    return fail(Code::kInvalidArgument, "no eBPF object given", "set --object FILE");
  if (settings.listen_fd >= 0 && settings.listen_fd == settings.metrics_fd)
    return fail(Code::kInvalidArgument,
                "listen_fd and metrics_fd are both " + std::to_string(settings.listen_fd));
  return {};
}

Result<std::vector<std::string>> handler_arguments(const Settings& settings,
                                                   const std::vector<std::string>& after_dashes,
                                                   std::string_view search_path) {
  std::vector<std::string> words = after_dashes;
  if (words.empty()) {
    for (std::string_view rest = settings.command; !rest.empty();) {
      const size_t space = std::min(rest.find(' '), rest.size());
      if (space > 0) words.emplace_back(rest.substr(0, space));
      rest.remove_prefix(std::min(space + 1, rest.size()));
    }
  }
  if (words.empty())
    return fail(Code::kInvalidArgument, "no handler given",
                "set fprocess (or --command, or write it after --), for example fprocess=cat");
  FAISCA_TRY(path, process::find_executable(words[0], ".", search_path));
  words[0] = std::move(path);
  return words;
}

ServerSettings server_settings(const Settings& settings) {
  return {.read_timeout = settings.read_timeout,
          .write_timeout = settings.write_timeout,
          .idle_timeout = settings.idle_timeout,
          .max_body = settings.max_body.count};
}

CommandLine split_command_line(int argc, const char* const* argv) {
  CommandLine line;
  for (int i = 0; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (i > 0 && word == "--") {
      line.after_dashes.assign(argv + i + 1, argv + argc);
      break;
    }
    // The one-dash forms are those of the OpenFaaS watchdogs.
    if (word == "-run-healthcheck" || word == "--run-healthcheck") {
      line.run_healthcheck = true;
    } else {
      line.own.push_back(word == "-version" ? "--version" : argv[i]);
    }
  }
  return line;
}

}  // namespace faisca::watchdog
