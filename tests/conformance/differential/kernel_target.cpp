#include "tests/conformance/differential/kernel_target.h"

#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

namespace faisca::conformance {
namespace {

long bpf_call(int command, union bpf_attr& attributes) {
  return ::syscall(SYS_bpf, command, &attributes, sizeof attributes);
}

std::uint64_t address_of(const void* pointer) { return reinterpret_cast<std::uint64_t>(pointer); }

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

struct Descriptor {
  int number;
  ~Descriptor() { ::close(number); }
};

}  // namespace

Result<std::uint32_t> run_in_kernel(const bpf::Program& program, std::span<const std::uint8_t> packet) {
  std::vector<char> log(256 * 1024, 0);
  union bpf_attr load;
  std::memset(&load, 0, sizeof load);
  load.prog_type = BPF_PROG_TYPE_XDP;
  load.insns = address_of(program.slots.data());
  load.insn_cnt = static_cast<std::uint32_t>(program.slots.size());
  load.license = address_of("GPL");
  long loaded = bpf_call(BPF_PROG_LOAD, load);
  if (loaded < 0 && errno != EPERM && errno != ENOSYS) {
    load.log_buf = address_of(log.data());
    load.log_size = static_cast<std::uint32_t>(log.size());
    load.log_level = 1;
    loaded = bpf_call(BPF_PROG_LOAD, load);
  }
  if (loaded < 0) return explain(errno, "BPF_PROG_LOAD", log.data());
  Descriptor descriptor{static_cast<int>(loaded)};
  union bpf_attr test;
  std::memset(&test, 0, sizeof test);
  test.test.prog_fd = static_cast<std::uint32_t>(descriptor.number);
  test.test.data_in = address_of(packet.data());
  test.test.data_size_in = static_cast<std::uint32_t>(packet.size());
  test.test.repeat = 1;
  if (bpf_call(BPF_PROG_TEST_RUN, test) < 0) return explain(errno, "BPF_PROG_TEST_RUN", "");
  return test.test.retval;
}

}  // namespace faisca::conformance
