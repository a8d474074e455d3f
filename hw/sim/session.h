// `faisca sim` from its options to its report: reads files, runs the device, asks the oracle, writes what
// left.
#pragma once

#include "hw/sim/options.h"
#include "hw/sim/report.h"
#include "lib/base/result.h"

namespace faisca::sim {

// Everything but printing. An oracle that disagrees is not an error; see Report::judged.
Result<Report> run_session(const Options& options);

// Whether the report asks for exit code 1.
bool disagrees(const Report& report, bool strict);

}  // namespace faisca::sim
