#include "hw/model/machine.h"

#include <utility>

namespace faisca::model {

Result<std::unique_ptr<Machine>> Machine::create(const bpf::Program& program, bpf::Environment& environment) {
  FAISCA_TRY(maps, bpf::MapSet::create(program.maps));
  return std::unique_ptr<Machine>(new Machine(program, std::move(maps), environment));
}

Machine::Machine(const bpf::Program& program, bpf::MapSet maps, bpf::Environment& environment)
    : model_(program),
      regions_(program.data, program.data_bytes),
      maps_(std::move(maps)),
      environment_(environment, regions_) {}

Outcome Machine::run_body(std::span<const std::uint8_t> body, RunSettings settings) {
  regions_.set_body(body);
  settings.args = {bpf::kMemoryBase, body.size()};
  return run(std::move(settings));
}

Outcome Machine::run_packet(std::span<const std::uint8_t> packet, const bpf::XdpContext& context,
                            RunSettings settings) {
  regions_.set_packet(packet, context);
  settings.args = {bpf::kContextBase};
  return run(std::move(settings));
}

Outcome Machine::run(RunSettings settings) {
  regions_.clear_stack();
  return model_.run({regions_, maps_, environment_}, settings);
}

}  // namespace faisca::model
