// Runs test files against a target and judges them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lib/base/result.h"
#include "tests/conformance/target.h"

namespace faisca::conformance {

enum class Verdict { kPassed, kFailed, kSkipped };

struct Judgement {
  Verdict verdict = Verdict::kPassed;
  std::string reason;  // empty if passed
};

// Every `.data` file below `directory`, sorted. kNotFound if there is none.
Result<std::vector<std::filesystem::path>> find_tests(const std::filesystem::path& directory);

// A file that expects a result passes when it is accepted, runs to its end and R0 is the result. A file that
// expects an error passes when it is refused or faults; with a result as well, when either is seen.
Judgement run_test(const std::string& text, Target& target);

}  // namespace faisca::conformance
