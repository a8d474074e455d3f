#include "tests/conformance/differential/kernel_target.h"

#include <bpf/bpf.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include "lib/base/unique_fd.h"

namespace faisca::conformance {
namespace {

tl::unexpected<Error> explain(int number, const char* what, const std::string& log) {
  if (number == EPERM || number == EACCES)
    if (log.empty())
      return fail(Code::kPermissionDenied, std::string(what) + ": not permitted",
                  "run as root, or with CAP_BPF and CAP_NET_ADMIN");
  if (number == ENOSYS || number == EOPNOTSUPP)
    return fail(Code::kUnimplemented, std::string(what) + ": this kernel cannot");
  std::string tail = log.size() > 600 ? log.substr(log.size() - 600) : log;
  return fail(Code::kInvalidArgument, std::string(what) + ": " + std::strerror(number) + "\n" + tail);
}

}  // namespace

Result<std::uint32_t> run_in_kernel(const bpf::Program& program, std::span<const std::uint8_t> packet) {
  std::vector<char> log(256 * 1024, 0);
  const auto* instructions = reinterpret_cast<const bpf_insn*>(program.slots.data());
  const auto load = [&](bpf_prog_load_opts& options) {
    return bpf_prog_load(BPF_PROG_TYPE_XDP, nullptr, "GPL", instructions, program.slots.size(), &options);
  };
  LIBBPF_OPTS(bpf_prog_load_opts, quiet);
  UniqueFd descriptor(load(quiet));
  if (!descriptor && errno != EPERM && errno != ENOSYS) {
    LIBBPF_OPTS(bpf_prog_load_opts, telling, .log_level = 1, .log_size = static_cast<__u32>(log.size()),
                .log_buf = log.data());
    descriptor.reset(load(telling));
  }
  if (!descriptor) return explain(errno, "BPF_PROG_LOAD", log.data());
  LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet.data(),
              .data_size_in = static_cast<__u32>(packet.size()), .repeat = 1);
  if (bpf_prog_test_run_opts(descriptor.get(), &run) < 0) return explain(errno, "BPF_PROG_TEST_RUN", "");
  return run.retval;
}

}  // namespace faisca::conformance
