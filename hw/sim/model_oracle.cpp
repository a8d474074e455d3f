#include <algorithm>
#include <span>
#include <utility>

#include "hw/model/machine.h"
#include "hw/sim/oracle.h"
#include "lib/bpf/layout.h"

namespace faisca::sim {
namespace {

// Where the program sends a packet. Time and chance are fixed, so that two runs agree.
class World final : public bpf::Environment {
 public:
  std::uint64_t monotonic_ns() override { return time_ns_; }
  std::uint32_t random_u32() override { return random_ = random_ * 1'664'525 + 1'013'904'223; }
  void redirect(std::span<const std::uint32_t> interfaces) override {
    targets_ = 0;
    for (std::uint32_t interface : interfaces)
      if (interface >= 1 && interface <= 32) targets_ |= 1u << (interface - 1);
  }

  void next_packet(std::uint64_t time_ns) {
    time_ns_ = time_ns;
    targets_ = 0;
  }
  std::uint32_t targets() const { return targets_; }  // one bit a port

 private:
  std::uint64_t time_ns_ = 0;
  std::uint32_t random_ = 1;
  std::uint32_t targets_ = 0;
};

class ModelOracle final : public Oracle {
 public:
  explicit ModelOracle(std::vector<bpf::MapDescriptor> maps) : descriptors_(std::move(maps)) {}

  Status start(const bpf::Program& program) {
    FAISCA_TRY(machine, model::Machine::create(program, world_));
    machine_ = std::move(machine);
    return {};
  }

  std::string name() const override { return "model"; }

  Status fill_map(const std::string& map, const std::vector<MapEntry>& entries) override {
    const auto found = std::ranges::find(descriptors_, map, &bpf::MapDescriptor::name);
    if (found == descriptors_.end()) return fail(Code::kNotFound, "the program has no map " + map);
    bpf::Map& target = *machine_->maps().find(found->id);
    for (const MapEntry& entry : entries) {
      const std::int64_t code = target.update(machine_->regions(), entry.key, entry.values.front(), 0);
      if (code != 0)
        return fail(Code::kInvalidArgument, "map " + map + " refuses key " + hex_text(entry.key) +
                                                " with error " + std::to_string(-code));
    }
    return {};
  }

  Result<std::vector<MapContents>> maps() override {
    std::vector<MapContents> all;
    for (const bpf::MapDescriptor& descriptor : descriptors_) {
      bpf::Map& map = *machine_->maps().find(descriptor.id);
      MapContents contents{.name = descriptor.name,
                           .type = descriptor.type,
                           .shape = {descriptor.key_size, descriptor.value_size},
                           .entries = {}};
      for (std::vector<std::uint8_t>& key : map.keys()) {
        std::vector<std::uint8_t> value(descriptor.value_size);
        const auto address = map.lookup(key);
        if (!address || machine_->regions().load(*address, value) != bpf::FaultCause::kNone)
          return fail(Code::kInternal, "map " + descriptor.name + " lists a key that it does not hold");
        contents.entries.push_back({std::move(key), {std::move(value)}});
      }
      std::ranges::sort(contents.entries, {}, &MapEntry::key);
      all.push_back(std::move(contents));
    }
    return all;
  }

  Result<Judgement> judge(const Packet& packet) override {
    world_.next_packet(packet.time_ns);
    const model::Outcome outcome = machine_->run_packet(packet.bytes, {.ingress_ifindex = packet.port + 1});
    const auto left = machine_->regions().memory();
    Judgement judgement{.verdict = outcome.ok() ? verdict_of(outcome.r0) : Verdict::kAborted,
                        .redirect_ports = {},
                        .bytes = {left.begin(), left.end()}};
    if (judgement.verdict != Verdict::kRedirect) return judgement;
    judgement.redirect_ports = world_.targets();
    return judgement;
  }

 private:
  World world_;
  std::vector<bpf::MapDescriptor> descriptors_;
  std::unique_ptr<model::Machine> machine_;
};

}  // namespace

Result<std::unique_ptr<Oracle>> make_model_oracle(const bpf::Program& program) {
  auto oracle = std::make_unique<ModelOracle>(program.maps);
  FAISCA_CHECK_OK(oracle->start(program));
  return oracle;
}

}  // namespace faisca::sim
