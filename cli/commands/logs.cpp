// `faisca logs NAME`
#include <CLI/CLI.hpp>
#include <chrono>
#include <ctime>
#include <map>
#include <ostream>
#include <thread>

#include "cli/command.h"
#include "cli/gateway_client.h"
#include "cli/print.h"
#include "lib/base/duration.h"

namespace faisca::cli {
namespace {

struct LogsOptions {
  LogRequest request;
  std::string since;
  bool follow = false;
};

constexpr std::chrono::milliseconds kPoll{300};

// Prints each line once, although each request brings the lines of the last one's newest instant again.
class LogPrinter {
 public:
  explicit LogPrinter(Context& context) : context_(context) {}

  // Before each request.
  void begin() {
    floor_ = newest_;
    known_ = at_newest_;
  }
  // False when nobody reads any more.
  bool print(const LogView& line) {
    if (line.time < floor_) return true;
    if (line.time == floor_ && known_[line.json] > 0) {
      --known_[line.json];
      return true;
    }
    if (line.time > newest_) {
      newest_ = line.time;
      at_newest_.clear();
    }
    if (line.time == newest_) ++at_newest_[line.json];
    if (context_.format == Format::kJson)
      *context_.out << line.json << "\n";
    else if (context_.format == Format::kYaml)
      *context_.out << "---\n" << json_as_yaml(line.json);
    else
      *context_.out << line.time << " " << line.instance << " " << printable(line.text) << "\n";
    context_.out->flush();
    return context_.out->good();
  }
  const std::string& newest() const { return newest_; }

 private:
  Context& context_;
  std::string newest_;                    // times of one gateway have one width: they compare as text
  std::map<std::string, int> at_newest_;  // lines of that time, and how often each was printed
  std::string floor_;
  std::map<std::string, int> known_;  // what this request brings again
};

// "10m" → the time ten minutes ago as RFC 3339; a time stays as it is.
Result<std::string> since_time(const std::string& text) {
  if (text.empty() || text.find('T') != std::string::npos) return text;
  FAISCA_TRY(duration, parse_duration(text).map_error(while_doing("reading --since")));
  const std::time_t then = std::chrono::system_clock::to_time_t(
      std::chrono::system_clock::now() -
      std::chrono::duration_cast<std::chrono::system_clock::duration>(duration));
  std::tm parts{};
  ::gmtime_r(&then, &parts);
  char buffer[32];
  std::strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return std::string(buffer);
}

}  // namespace

void add_logs(CLI::App& root, Runs& runs) {
  CLI::App* command = root.add_subcommand("logs", "Show what the instances of a function have written");
  auto options = std::make_shared<LogsOptions>();
  command->add_option("name", options->request.function, "Name of the function")
      ->required()
      ->type_name("NAME");
  command->add_option("--instance,-i", options->request.instance, "Only this instance")->type_name("ID");
  command
      ->add_option("--since,-s", options->since,
                   "Only newer lines: 10m, 2h, or a time like 2026-01-31T08:00:00Z")
      ->type_name("TIME");
  command->add_option("--tail,-n", options->request.tail, "Only the last N lines")
      ->type_name("N")
      ->check(CLI::Range(0, 1'000'000).description(""));
  command->add_flag("--follow,-f", options->follow, "Wait for more lines until Ctrl-C");
  runs[command] = [options](Context& context) -> Result<int> {
    FAISCA_TRY(since, since_time(options->since));
    options->request.since = since;
    LogPrinter printer(context);
    const GatewayClient gateway(context.gateway);
    for (;;) {
      printer.begin();
      FAISCA_CHECK_OK(
          gateway.logs(options->request, [&](const LogView& line) { return printer.print(line); }));
      if (!options->follow || !context.out->good()) return 0;
      if (!printer.newest().empty()) options->request.since = printer.newest();
      options->request.tail = -1;
      std::this_thread::sleep_for(kPoll);
    }
  };
}

}  // namespace faisca::cli
