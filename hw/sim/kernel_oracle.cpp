#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <utility>

#include "hw/sim/oracle.h"
#include "lib/base/unique_fd.h"

namespace faisca::sim {
namespace {

// libbpf tells what the verifier said through one function of the process.
std::string& library_messages() {
  thread_local std::string messages;
  return messages;
}

int keep_message(libbpf_print_level level, const char* format, va_list arguments) {
  if (level == LIBBPF_DEBUG) return 0;
  char line[4096];
  const int size = std::vsnprintf(line, sizeof line, format, arguments);
  if (size > 0) library_messages().append(line, std::min<std::size_t>(size, sizeof line - 1));
  return size;
}

tl::unexpected<Error> explain(int number, const std::string& what) {
  const std::string said = std::exchange(library_messages(), "");
  if (number == EPERM || number == EACCES)
    if (said.find("invalid") == std::string::npos)
      return fail(Code::kPermissionDenied, what + ": not permitted",
                  "run as root, or compare with --oracle model");
  if (number == ENOSYS || number == EOPNOTSUPP)
    return fail(Code::kUnimplemented, what + ": this kernel cannot", "compare with --oracle model");
  const std::string tail = said.size() > 1200 ? "…" + said.substr(said.size() - 1200) : said;
  return fail(Code::kInvalidArgument,
              what + ": " + std::strerror(number) + (tail.empty() ? "" : "\n" + tail));
}

// Interfaces with the indices 2 … ports, in a namespace where 1 is the loopback interface.
Result<std::vector<UniqueFd>> make_interfaces(std::uint32_t ports) {
  if (unshare(CLONE_NEWNET) != 0) return explain(errno, "making a network namespace");
  std::vector<UniqueFd> interfaces;
  for (std::uint32_t index = 2; index <= ports; ++index) {
    UniqueFd tap(open("/dev/net/tun", O_RDWR | O_CLOEXEC));
    if (!tap) return explain(errno, "opening /dev/net/tun");
    auto number = static_cast<unsigned>(index);
    ifreq request{};
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    std::snprintf(request.ifr_name, sizeof request.ifr_name, "port%u", index - 1);
    if (ioctl(tap.get(), TUNSETIFINDEX, &number) != 0 || ioctl(tap.get(), TUNSETIFF, &request) != 0)
      return explain(errno, "making interface " + std::to_string(index));
    interfaces.push_back(std::move(tap));
  }
  return interfaces;
}

bool is_per_cpu(bpf_map_type type) {
  return type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_PERCPU_HASH;
}

std::size_t round_up_8(std::size_t size) { return (size + 7) / 8 * 8; }

class KernelOracle final : public Oracle {
 public:
  explicit KernelOracle(std::vector<UniqueFd> interfaces) : interfaces_(std::move(interfaces)) {}
  ~KernelOracle() override {
    if (object_) bpf_object__close(object_);
  }

  Status start(const KernelOracleSettings& settings) {
    libbpf_set_print(keep_message);
    LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "faisca");
    object_ = bpf_object__open_mem(settings.object.data(), settings.object.size(), &options);
    if (!object_) return explain(errno, "opening the object for the kernel");
    bpf_program* program = nullptr;
    bpf_object__for_each_program(program, object_) {
      bpf_program__set_type(program, BPF_PROG_TYPE_XDP);
      bpf_program__set_autoload(program, settings.entry == bpf_program__name(program));
    }
    if (const int status = bpf_object__load(object_); status != 0)
      return explain(-status, "the kernel refuses " + settings.entry);
    program = bpf_object__find_program_by_name(object_, settings.entry.c_str());
    if (!program) return fail(Code::kNotFound, "the object has no program " + settings.entry);
    descriptor_ = bpf_program__fd(program);
    return {};
  }

  std::string name() const override { return "kernel"; }

  Status fill_map(const std::string& name, const std::vector<MapEntry>& entries) override {
    bpf_map* map = bpf_object__find_map_by_name(object_, name.c_str());
    if (!map) return fail(Code::kNotFound, "the program has no map " + name);
    const std::size_t stride = round_up_8(bpf_map__value_size(map));
    const int cpus = is_per_cpu(bpf_map__type(map)) ? libbpf_num_possible_cpus() : 0;
    for (const MapEntry& entry : entries) {
      std::vector<std::uint8_t> value = entry.values.front();
      if (cpus > 0) {
        value.assign(stride * static_cast<std::size_t>(cpus), 0);
        for (int cpu = 0; cpu < cpus; ++cpu) {
          const auto& one = entry.values[std::min<std::size_t>(cpu, entry.values.size() - 1)];
          std::copy(one.begin(), one.end(), value.begin() + static_cast<std::ptrdiff_t>(stride * cpu));
        }
      }
      if (bpf_map_update_elem(bpf_map__fd(map), entry.key.data(), value.data(), BPF_ANY) != 0)
        return explain(errno, "map " + name + " refuses key " + hex_text(entry.key));
    }
    return {};
  }

  Result<std::vector<MapContents>> maps() override {
    std::vector<MapContents> all;
    bpf_map* map = nullptr;
    bpf_object__for_each_map(map, object_) {
      if (bpf_map__is_internal(map)) continue;  // globals
      FAISCA_TRY(contents, dump(*map));
      all.push_back(std::move(contents));
    }
    return all;
  }

  Result<Judgement> judge(const Packet& packet) override {
    std::vector<std::uint8_t> out(packet.bytes.size() + kGrowth);
    xdp_md context{};
    context.data_end = static_cast<std::uint32_t>(packet.bytes.size());
    context.ingress_ifindex = packet.port + 1;
    LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet.bytes.data(), .data_out = out.data(),
                .data_size_in = static_cast<__u32>(packet.bytes.size()),
                .data_size_out = static_cast<__u32>(out.size()), .ctx_in = &context,
                .ctx_size_in = sizeof context, .repeat = 1);
    if (bpf_prog_test_run_opts(descriptor_, &run) < 0) return explain(errno, "BPF_PROG_TEST_RUN");
    out.resize(run.data_size_out);
    return Judgement{verdict_of(run.retval), {}, std::move(out)};
  }

 private:
  // What a program can add in front of and behind a packet, at most.
  static constexpr std::size_t kGrowth = 4096;

  Result<MapContents> dump(bpf_map& map) {
    MapContents contents{.name = bpf_map__name(&map),
                         .type = static_cast<bpf::MapType>(bpf_map__type(&map)),
                         .shape = {bpf_map__key_size(&map), bpf_map__value_size(&map)},
                         .entries = {}};
    const int cpus = is_per_cpu(bpf_map__type(&map)) ? libbpf_num_possible_cpus() : 1;
    const std::size_t stride = round_up_8(contents.shape.value_size);
    std::vector<std::uint8_t> key(contents.shape.key_size), next(key.size());
    std::vector<std::uint8_t> values(stride * static_cast<std::size_t>(cpus));
    const int descriptor = bpf_map__fd(&map);
    for (const void* from = nullptr; bpf_map_get_next_key(descriptor, from, next.data()) == 0;
         from = key.data()) {
      key = next;
      if (bpf_map_lookup_elem(descriptor, key.data(), values.data()) != 0) {
        if (errno == ENOENT) continue;  // an empty slot of a DEVMAP
        return explain(errno, "reading map " + contents.name);
      }
      MapEntry entry{key, {}};
      for (int cpu = 0; cpu < cpus; ++cpu) {
        const auto start = values.begin() + static_cast<std::ptrdiff_t>(stride * cpu);
        entry.values.emplace_back(start, start + contents.shape.value_size);
      }
      contents.entries.push_back(std::move(entry));
    }
    std::ranges::sort(contents.entries, {}, &MapEntry::key);
    return contents;
  }

  std::vector<UniqueFd> interfaces_;
  bpf_object* object_ = nullptr;
  int descriptor_ = -1;
};

}  // namespace

Result<std::unique_ptr<Oracle>> make_kernel_oracle(const KernelOracleSettings& settings) {
  FAISCA_TRY(interfaces, make_interfaces(settings.ports));
  auto oracle = std::make_unique<KernelOracle>(std::move(interfaces));
  FAISCA_CHECK_OK(oracle->start(settings));
  return oracle;
}

}  // namespace faisca::sim
