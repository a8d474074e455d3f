// What runs a test's program: the C++ model, or the RTL in a Verilated device. One interface for the
// conformance runner and the differential test. Programs have the convention mem. Thread: one at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "hw/model/model.h"
#include "lib/base/result.h"
#include "lib/bpf/program.h"
#include "lib/bpf/retire.h"

namespace faisca::conformance {

struct RunOptions {
  bpf::RetireTrace trace;  // may be empty
  std::uint32_t budget = static_cast<std::uint32_t>(bpf::DeviceLimits{}.budget);
};

class Target {
 public:
  virtual ~Target() = default;
  // Fails if the target itself is broken; a fault of the program is an Outcome. The program need not be
  // verified.
  virtual Result<model::Outcome> run(const bpf::Program& program, std::span<const std::uint8_t> memory,
                                     const RunOptions& options = {}) = 0;
};

// "model" or "rtl".
Result<std::unique_ptr<Target>> make_target(std::string_view name);

std::unique_ptr<Target> make_model_target();
Result<std::unique_ptr<Target>> make_rtl_target();

// The same time and random numbers in each run, so that traces of two targets can be compared.
class FixedEnvironment : public bpf::Environment {
 public:
  std::uint64_t monotonic_ns() override { return time_ += 1000; }
  std::uint32_t random_u32() override { return random_ = random_ * 1664525 + 1013904223; }

 private:
  std::uint64_t time_ = 1'000'000'000;
  std::uint32_t random_ = 1;
};

}  // namespace faisca::conformance
