// conformance_runner --target model|rtl [--verbose] DIR…: runs every .data file below the directories.
// Exit code 0: none failed; 1: some failed; 2: wrong use.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/conformance/suite.h"

namespace {

using namespace faisca;
using namespace faisca::conformance;

constexpr const char* kUsage = "usage: run --target model|rtl [--verbose] DIR...\n";

struct Options {
  std::string target = "model";
  bool verbose = false;
  std::vector<std::string> directories;
};

Result<Options> parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    if (argument == "--target" && i + 1 < argc)
      options.target = argv[++i];
    else if (argument.starts_with("--target="))
      options.target = argument.substr(9);
    else if (argument == "--verbose")
      options.verbose = true;
    else if (argument.starts_with("-"))
      return fail(Code::kInvalidArgument, "unknown option " + argument);
    else
      options.directories.push_back(argument);
  }
  if (options.directories.empty()) return fail(Code::kInvalidArgument, "no directory with tests is given");
  return options;
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

int complain(const Error& error) {
  std::fprintf(stderr, "%s\n%s", error.text().c_str(), kUsage);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  auto options = parse(argc, argv);
  if (!options) return complain(options.error());
  auto target = make_target(options->target);
  if (!target) return complain(target.error());
  int passed = 0, failed = 0, skipped = 0;
  for (const auto& directory : options->directories) {
    auto tests = find_tests(directory);
    if (!tests) return complain(tests.error());
    for (const auto& path : *tests) {
      auto judgement = run_test(read_file(path), **target);
      const char* word = "passed";
      if (judgement.verdict == Verdict::kPassed)
        ++passed;
      else if (judgement.verdict == Verdict::kFailed)
        ++failed, word = "FAILED";
      else
        ++skipped, word = "skipped";
      if (judgement.verdict != Verdict::kPassed || options->verbose)
        std::printf("%s: %s%s%s\n", path.c_str(), word, judgement.reason.empty() ? "" : ": ",
                    judgement.reason.c_str());
    }
  }
  std::printf("%d passed, %d failed, %d skipped\n", passed, failed, skipped);
  return failed == 0 ? 0 : 1;
}
