// Stands in for rtl_target.cpp in builds without hw/agent/device: asking for the RTL is an error there.
#include "tests/conformance/target.h"

namespace faisca::conformance {

Result<std::unique_ptr<Target>> make_rtl_target() {
  return fail(Code::kUnimplemented, "this build has no RTL",
              "build with hw/rtl and hw/agent/device in FAISCA_PARTS");
}

}  // namespace faisca::conformance
