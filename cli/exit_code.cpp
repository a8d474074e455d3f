#include "cli/exit_code.h"

namespace faisca::cli {

const char kExitCodeHelp[] =
    "Exit codes:\n"
    "  0  done\n"
    "  1  failed\n"
    "  2  the command line is wrong\n"
    "  3  not found: function, file or program\n"
    "  4  gateway or function not reachable, or no answer in time\n"
    "  5  refused: the function, object or archive is wrong\n";

int exit_code(Code code) {
  switch (code) {
    case Code::kOk:
      return kExitOk;
    case Code::kNotFound:
      return kExitNotFound;
    case Code::kUnavailable:
    case Code::kDeadlineExceeded:
      return kExitUnavailable;
    case Code::kInvalidArgument:
    case Code::kOutOfRange:
    case Code::kUnimplemented:
      return kExitRefused;
    default:
      return kExitFailed;
  }
}

}  // namespace faisca::cli
