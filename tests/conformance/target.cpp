#include "tests/conformance/target.h"

#include "hw/model/machine.h"

namespace faisca::conformance {
namespace {

class ModelTarget : public Target {
 public:
  Result<model::Outcome> run(const bpf::Program& program, std::span<const std::uint8_t> memory,
                             const RunOptions& options) override {
    FixedEnvironment environment;
    FAISCA_TRY(machine, model::Machine::create(program, environment));
    model::RunSettings settings;
    settings.trace = options.trace;
    settings.budget = options.budget;
    return machine->run_body(memory, settings);
  }
};

}  // namespace

std::unique_ptr<Target> make_model_target() { return std::make_unique<ModelTarget>(); }

Result<std::unique_ptr<Target>> make_target(std::string_view name) {
  if (name == "model") return make_model_target();
  if (name == "rtl") return make_rtl_target();
  return fail(Code::kInvalidArgument, "unknown target " + std::string(name), "use model or rtl");
}

}  // namespace faisca::conformance
