#include "operator/offload/rows.h"

#include <nlohmann/json.hpp>

#include "api/types/offload_device/offload_device.h"
#include "lib/kube/object.h"

namespace faisca::offload {

Result<DeviceRow> device_row(const kube::Json& object) {
  FAISCA_TRY(device, api::parse_offload_device(object.dump(), api::UnknownFields::kIgnore));
  const api::Condition* ready = api::find_condition(device.status.conditions, "Ready");
  DeviceRow row;
  row.sight.ready = ready && ready->status == api::ConditionStatus::kTrue && !kube::is_being_deleted(object);
  if (!row.sight.ready)
    row.sight.why = !ready                   ? "it has not said yet that it is ready"
                    : ready->message.empty() ? "it is not ready: " + ready->reason
                                             : ready->message;
  row.sight.heartbeat = device.status.last_heartbeat;
  row.state = {.name = device.metadata.name,
               .node = device.spec.node,
               .slots = device.status.slots,
               .ports = device.status.ports,
               .instructions = device.status.max_instructions,
               .data_bytes = device.status.data_bytes};
  return row;
}

Result<ProgramRow> program_row(const kube::Json& object) {
  // The bytecode is most of the object, and not wanted here.
  kube::Json slim = object;
  if (slim.contains("spec") && slim["spec"].is_object()) slim["spec"]["object"] = {{"inline", ""}};
  FAISCA_TRY(program, api::parse_offload_program(slim.dump(), api::UnknownFields::kIgnore));
  return ProgramRow{
      .convention = program.spec.convention, .device = program.spec.device, .ports = program.spec.ports};
}

}  // namespace faisca::offload
