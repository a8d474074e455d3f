// The one list of an OffloadProgram's fields (see function/mapping.h for what an Io is). Internal to
// api/types.
#pragma once

#include "api/types/function/mapping.h"
#include "api/types/offload_program/offload_program.h"

namespace faisca::api::internal {

inline constexpr auto kProgramSpecFields = [](auto& io, OffloadProgramSpec& v) {
  io.object("functionRef", v.function, kNameFields, "The Function that it belongs to", {.required = true});
  io.choice("convention", v.convention, kConventions, "How the program is called");
  io.object("object", v.object, kObjectFields, "The compiled eBPF object", {.required = true});
  io.text("entry", v.entry, "Which function of the object to enter; may be left out when there is one",
          {.max_length = 256});
  io.text("device", v.device, "Name of the OffloadDevice; none while no device fits", {.max_length = 253});
  io.integer_list("ports", v.ports, "Ports of the device where packets enter it; none is every port",
                  {.min = 0, .max = 255, .max_items = 64, .set = true});
  io.duration("lease", v.lease, "How long it stays on its ports after the cluster was last heard of");
  io.integer("budget", v.budget, "Instructions that one run may retire",
             {.min = 1, .max = 1'000'000'000'000});
  io.rule("self.functionRef.name == oldSelf.functionRef.name", "a program stays with its function");
};

inline constexpr auto kCounterFields = [](auto& io, ProgramCounters& v) {
  io.integer("packets", v.packets, "Packets that entered it; mem: calls");
  io.integer("bytes", v.bytes, "Their bytes");
  io.integer("passed", v.passed, "XDP_PASS");
  io.integer("dropped", v.dropped, "XDP_DROP");
  io.integer("sent", v.sent, "XDP_TX and XDP_REDIRECT");
  io.integer("faults", v.faults, "Runs that ended in a fault");
  io.integer("instructions", v.instructions, "Instructions retired");
  io.integer("cycles", v.cycles, "Cycles of the device's clock that it took");
};

inline constexpr auto kProgramStatusFields = [](auto& io, OffloadProgramStatus& v) {
  io.list("conditions", v.conditions, kConditionFields,
          "Loaded: the device holds it; Attached: it is on its ports; Ready: both that it needs",
          {.max_items = 16, .key = "type"});
  io.integer("observedGeneration", v.observed_generation, "Generation of the spec that this status is about");
  io.text("device", v.device, "Name of the OffloadDevice that holds it", {.max_length = 253});
  io.text("programId", v.program_id, "SHA-256 of the verified program", {.max_length = 64});
  io.boolean("loaded", v.loaded, "Whether a device holds it");
  io.integer_list("ports", v.ports, "Ports where it is attached", {.max_items = 64});
  io.object("counters", v.counters, kCounterFields, "What passed since the agent started");
};

}  // namespace faisca::api::internal
