// `faisca-sim`: what `faisca sim` runs. Exit codes: 0, 1 if the oracle disagrees, 2 for a wrong command line,
// 3 for everything else that fails.
#include <iostream>

#include "hw/sim/options.h"
#include "hw/sim/session.h"
#include "lib/base/files.h"

namespace {

int say(const faisca::Error& error, int code) {
  std::cerr << "error: " << error.text() << "\n";
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace faisca;
  const auto options = sim::parse_options(argc, argv);
  if (!options) return say(options.error(), 2);
  if (!*options) return 0;
  const auto report = sim::run_session(**options);
  if (!report) return say(report.error(), 3);
  const std::string& json = (*options)->json;
  if (json == "-") {
    std::cout << sim::report_json(*report);
  } else {
    std::cout << sim::report_text(*report);
    if (!json.empty())
      if (const auto written = write_file_atomic(json, sim::report_json(*report)); !written)
        return say(written.error(), 3);
  }
  return sim::disagrees(*report, (*options)->strict) ? 1 : 0;
}
