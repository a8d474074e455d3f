// differential [--seed N] [--instructions N] [--kernel-programs N] [--targets model,rtl,kernel]
// Random programs, run by each target and compared; program i has seed N + i, and a difference prints the
// seed that replays it alone. Exit code 0: no difference; 1: a difference; 2: wrong use, or a target is
// broken.
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>

#include "lib/bpf/asm_operand.h"
#include "tests/conformance/differential/compare.h"

namespace {

constexpr std::uint32_t kDamagedBudget = 3000;  // many damaged programs never end

using namespace faisca;
using namespace faisca::conformance;

struct Options {
  std::uint64_t seed = 0;
  std::uint64_t instructions = 100'000;
  std::uint64_t kernel_programs = 100;
  std::string targets = "model,rtl,kernel";
};

Result<Options> parse(int argc, char** argv) {
  Options options;
  options.seed = std::random_device{}();
  for (int i = 1; i < argc; ++i) {
    std::string name = argv[i];
    if (i + 1 == argc) return fail(Code::kInvalidArgument, "no value for " + name);
    std::string value = argv[++i];
    auto number = bpf::parse_number(value);
    if (name == "--targets")
      options.targets = value;
    else if (!number)
      return fail(Code::kInvalidArgument, value + " is no number");
    else if (name == "--seed")
      options.seed = number->bits();
    else if (name == "--instructions")
      options.instructions = number->bits();
    else if (name == "--kernel-programs")
      options.kernel_programs = number->bits();
    else
      return fail(Code::kInvalidArgument, "unknown option " + name);
  }
  return options;
}

int complain(const Error& error) {
  std::fprintf(stderr,
               "%s\nusage: differential [--seed N] [--instructions N] [--kernel-programs N] [--targets "
               "model,rtl,kernel]\n",
               error.text().c_str());
  return 2;
}

int report(const char* against, std::uint64_t seed, const std::string& difference) {
  std::printf("model and %s differ: replay with --seed %" PRIu64
              " --instructions 1 --kernel-programs 1\n%s\n",
              against, seed, difference.c_str());
  return 1;
}

int run_rtl(const Options& options) {
  auto model = make_model_target();
  auto rtl = make_rtl_target();
  if (!rtl) return complain(rtl.error());
  std::uint64_t retired = 0, programs = 0, faults = 0, damaged_faults = 0;
  for (; retired < options.instructions; ++programs) {
    auto comparison = compare_traces(random_device_program(options.seed + programs), *model, **rtl);
    if (!comparison) return complain(comparison.error());
    if (!comparison->difference.empty())
      return report("rtl", options.seed + programs, comparison->difference);
    retired += comparison->retired;
    faults += comparison->faulted ? 1 : 0;
    auto damaged =
        compare_traces(random_damaged_program(options.seed + programs), *model, **rtl, kDamagedBudget);
    if (!damaged) return complain(damaged.error());
    if (!damaged->difference.empty())
      return report("rtl", options.seed + programs, "damaged program, " + damaged->difference);
    damaged_faults += damaged->faulted ? 1 : 0;
  }
  std::printf("model = rtl: %" PRIu64 " instructions retired without a difference, %" PRIu64
              " programs, %" PRIu64 " of them ended by a fault; and %" PRIu64 " damaged programs, %" PRIu64
              " of them by a fault\n",
              retired, programs, faults, programs, damaged_faults);
  return 0;
}

int run_kernel(const Options& options) {
  std::uint64_t retired = 0, refused = 0;
  for (std::uint64_t i = 0; i < options.kernel_programs; ++i) {
    auto comparison = compare_with_kernel(random_kernel_program(options.seed + i));
    if (!comparison) {
      Code code = comparison.error().code;
      if (code == Code::kPermissionDenied || code == Code::kUnimplemented) {
        std::printf("kernel skipped: %s\n", comparison.error().text().c_str());
        return 0;
      }
      // Its verifier gives up on some programs, for example when it cannot follow all paths in time.
      if (++refused * 5 > options.kernel_programs + 5) return complain(comparison.error());
      continue;
    }
    if (!comparison->difference.empty()) return report("kernel", options.seed + i, comparison->difference);
    retired += comparison->retired;
  }
  std::printf("model = kernel: %" PRIu64 " programs, %" PRIu64 " instructions, %" PRIu64
              " refused by the kernel's verifier\n",
              options.kernel_programs - refused, retired, refused);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  auto options = parse(argc, argv);
  if (!options) return complain(options.error());
  std::printf("seed %" PRIu64 "\n", options->seed);
  std::fflush(stdout);
  if (options->targets.find("rtl") != std::string::npos)
    if (int code = run_rtl(*options); code != 0) return code;
  if (options->targets.find("kernel") != std::string::npos) return run_kernel(*options);
  return 0;
}
