// Builds what a plugin is told to hold: want({program("shop", "count"), …}).
#pragma once

#include <memory>
#include <string>

#include "deviceplugin/programs/held.h"

namespace faisca::deviceplugin {

struct ProgramBuilder {
  std::string space, name;
  std::int64_t generation = 1;
  api::OffloadProgram program;

  ProgramBuilder of_generation(std::int64_t value, const std::string& object) {
    generation = value;
    program.spec.object = object;
    return *this;
  }
  ProgramBuilder xdp() {
    program.spec.convention = api::Convention::kXdp;
    return *this;
  }
};

inline ProgramBuilder program(const std::string& space, const std::string& name) {
  ProgramBuilder builder{space, name, 1, {}};
  builder.program.metadata = {.name = name, .name_space = space, .labels = {}, .annotations = {}};
  builder.program.spec.function = name;
  builder.program.spec.convention = api::Convention::kMem;
  builder.program.spec.object = "v1";
  builder.program.spec.device = "node1-0";
  return builder;
}

inline Wanted want(const std::vector<ProgramBuilder>& programs) {
  Wanted wanted;
  for (const ProgramBuilder& one : programs)
    wanted[{one.space, one.name}] = {one.generation,
                                     std::make_shared<const api::OffloadProgram>(one.program)};
  return wanted;
}

}  // namespace faisca::deviceplugin
