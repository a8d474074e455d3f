#include "hw/sim/session.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "hw/sim/pcap_file.h"
#include "hw/sim/workload.h"
#include "lib/base/files.h"
#include "lib/bpf/object.h"

namespace faisca::sim {
namespace {

constexpr std::uint64_t kKeptPackets = 2'000'000;  // bytes of more are kept only if somebody looks at them

struct Work {
  SourceProgram source;
  std::optional<Simulation::Swap> swap;
  std::vector<std::pair<std::string, std::vector<MapEntry>>> entries;
  std::vector<Packet> packets;
};

Result<SourceProgram> read_program(const std::string& path, const std::string& name) {
  FAISCA_TRY(bytes, read_file(path, bpf::kMaxObjectBytes));
  return SourceProgram{std::move(bytes), name};
}

Status read_map_files(const Options& options, const bpf::Program& program, Work& work) {
  for (const auto& [name, path] : options.maps) {
    const auto map = std::find_if(program.maps.begin(), program.maps.end(),
                                  [&](const bpf::MapDescriptor& one) { return one.name == name; });
    if (map == program.maps.end()) {
      std::string known;
      for (const auto& one : program.maps) known += (known.empty() ? "" : ", ") + one.name;
      return fail(Code::kNotFound, "program " + program.name + " has no map " + name,
                  known.empty() ? "it has none" : "it has " + known);
    }
    FAISCA_TRY(text, read_file(path));
    FAISCA_TRY(
        entries,
        parse_map_entries(text, {map->key_size, map->value_size}).map_error(while_doing("reading " + path)));
    work.entries.emplace_back(name, std::move(entries));
  }
  return {};
}

SimulationSettings settings_of(const Options& options, const Work& work, bool serial) {
  SimulationSettings settings;
  settings.packets_per_second = options.mpps * 1e6;
  settings.serial = serial;
  settings.keep_bytes =
      !options.out.empty() || options.oracle != OracleKind::kNone || work.packets.size() <= kKeptPackets;
  return settings;
}

Result<std::unique_ptr<Simulation>> simulate(const Options& options, const Work& work, bool serial) {
  FAISCA_TRY(simulation, Simulation::create(settings_of(options, work, serial)));
  FAISCA_CHECK_OK(simulation->load(work.source).map_error(while_doing("loading " + options.object)));
  for (const auto& [name, entries] : work.entries) FAISCA_CHECK_OK(simulation->fill_map(name, entries));
  FAISCA_CHECK_OK(work.swap ? simulation->run(work.packets, *work.swap) : simulation->run(work.packets));
  return simulation;
}

// The oracle for one version of the program. The kernel does not tell where a packet is redirected to, so
// that the model is asked for that.
class KernelWithTargets final : public Oracle {
 public:
  KernelWithTargets(std::unique_ptr<Oracle> kernel, std::unique_ptr<Oracle> model)
      : kernel_(std::move(kernel)), model_(std::move(model)) {}
  std::string name() const override { return "kernel"; }
  Status fill_map(const std::string& map, const std::vector<MapEntry>& entries) override {
    FAISCA_CHECK_OK(model_->fill_map(map, entries));
    return kernel_->fill_map(map, entries);
  }
  Result<std::vector<MapContents>> maps() override { return kernel_->maps(); }
  Result<Judgement> judge(const Packet& packet) override {
    FAISCA_TRY(judgement, kernel_->judge(packet));
    FAISCA_TRY(modelled, model_->judge(packet));
    if (judgement.verdict == Verdict::kRedirect && modelled.verdict == Verdict::kRedirect)
      judgement.redirect_ports = modelled.redirect_ports;
    return judgement;
  }

 private:
  std::unique_ptr<Oracle> kernel_, model_;
};

Result<std::unique_ptr<Oracle>> make_oracle(OracleKind kind, const SourceProgram& source,
                                            std::uint32_t ports) {
  bpf::LinkOptions link;
  link.program = source.name;
  link.convention = bpf::Convention::kXdp;
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(source.object.data());
  FAISCA_TRY(program, bpf::load_program({bytes, source.object.size()}, link));
  FAISCA_TRY(model, make_model_oracle(program));
  if (kind == OracleKind::kModel) return std::move(model);
  FAISCA_TRY(kernel, make_kernel_oracle({.object = source.object, .entry = program.name, .ports = ports}));
  return std::unique_ptr<Oracle>(std::make_unique<KernelWithTargets>(std::move(kernel), std::move(model)));
}

Result<Comparison> ask_oracle(const Options& options, const Work& work, Simulation& simulation) {
  const std::uint32_t ports = simulation.device().shape().ports;
  FAISCA_TRY(before, make_oracle(options.oracle, work.source, ports));
  for (const auto& [name, entries] : work.entries) FAISCA_CHECK_OK(before->fill_map(name, entries));
  std::unique_ptr<Oracle> after;
  if (work.swap) {
    FAISCA_TRY(made, make_oracle(options.oracle, work.swap->next, ports));
    after = std::move(made);
  }
  return compare(simulation, work.packets, *before, after.get());
}

Status write_outputs(const std::string& folder, const Simulation& simulation,
                     const std::vector<MapContents>& maps) {
  FAISCA_CHECK_OK(make_folder(folder));
  const std::filesystem::path base(folder);
  // Packets leave in the order of their departure; per output that is the order of arrival plus latency.
  std::map<std::string, std::vector<std::pair<std::uint64_t, const Fate*>>> outputs;
  for (std::uint32_t port = 0; port < 4; ++port) {
    outputs["port" + std::to_string(port)];
    outputs["host" + std::to_string(port)];
  }
  for (const Fate& fate : simulation.fates()) {
    const std::uint64_t left = fate.received_cycle + fate.latency_cycles;
    for (std::uint32_t port = 0; port < 4; ++port)
      if (fate.outputs >> port & 1) outputs["port" + std::to_string(port)].emplace_back(left, &fate);
    if (fate.to_host) outputs["host" + std::to_string(fate.port)].emplace_back(left, &fate);
  }
  for (auto& [name, fates] : outputs) {
    std::sort(fates.begin(), fates.end());  // fates lie in the order of their packets
    FAISCA_TRY(writer, PcapWriter::create(base / (name + ".pcap")));
    for (const auto& [cycle, fate] : fates)
      writer.write({fate->port, (cycle - simulation.first_cycle()) * 5, fate->bytes});
    FAISCA_CHECK_OK(writer.close());
  }
  for (const MapContents& map : maps)
    FAISCA_CHECK_OK(write_file_atomic(base / (map.name + ".map.json"), print_map_entries(map.entries)));
  return {};
}

std::uint64_t dropped_by_device(const Report& report) {
  std::uint64_t lost = report.offered - report.accepted;
  if (const auto full = report.dropped.find("output full"); full != report.dropped.end())
    lost += full->second;
  return lost;
}

}  // namespace

Result<Report> run_session(const Options& options) {
  Work work;
  FAISCA_TRY(source, read_program(options.object, options.program));
  work.source = std::move(source);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(work.source.object.data());
  bpf::LinkOptions link;
  link.program = options.program;
  link.convention = bpf::Convention::kXdp;
  FAISCA_TRY(program, bpf::load_program({bytes, work.source.object.size()}, link)
                          .map_error(while_doing("reading " + options.object)));
  FAISCA_CHECK_OK(read_map_files(options, program, work));
  FAISCA_TRY(packets, make_workload(options, 4));
  work.packets = std::move(packets);
  if (options.swap) {
    if (options.swap->packet > work.packets.size())
      return fail(Code::kInvalidArgument, "--swap names packet " + std::to_string(options.swap->packet) +
                                              ", but there are " + std::to_string(work.packets.size()));
    FAISCA_TRY(next, read_program(options.swap->path, ""));
    work.swap = Simulation::Swap{std::move(next), options.swap->packet - 1};
  }

  FAISCA_TRY(simulation, simulate(options, work, options.serial));
  FAISCA_TRY(maps, simulation->maps());
  Report report = make_report(*simulation, maps, options.serial);
  if (const auto cycles = simulation->swap_cycles())
    report.swap =
        Report::Swap{options.swap->packet, dropped_by_device(report), cycles->after - cycles->before};
  if (!options.out.empty()) FAISCA_CHECK_OK(write_outputs(options.out, *simulation, maps));
  if (options.oracle == OracleKind::kNone) return report;

  FAISCA_TRY(comparison, ask_oracle(options, work, *simulation));
  Report::Judged judged{options.oracle == OracleKind::kKernel ? "kernel" : "model", comparison, {}};
  if (comparison.different > 0 && !options.serial && !options.strict) {
    // Packets that meet in a map may legally differ: look whether they agree one at a time.
    FAISCA_TRY(alone, simulate(options, work, true));
    FAISCA_TRY(serially, ask_oracle(options, work, *alone));
    if (serially.different == 0) {
      judged.overlapping = std::move(judged.comparison);
      judged.comparison = std::move(serially);
    }
  }
  report.judged = std::move(judged);
  return report;
}

bool disagrees(const Report& report, bool strict) {
  return report.judged &&
         (report.judged->comparison.different > 0 || (strict && report.judged->overlapping.has_value()));
}

}  // namespace faisca::sim
