// What the operator keeps of OffloadDevices and OffloadPrograms: a few fields of each. Pure.
#pragma once

#include <string>
#include <vector>

#include "api/types/condition/condition.h"
#include "api/types/function/function.h"
#include "api/types/offload_program/offload_program.h"
#include "lib/base/result.h"
#include "lib/kube/json.h"
#include "operator/offload/liveness.h"
#include "operator/offload/placement.h"

namespace faisca::offload {

struct DeviceRow {
  DeviceSight sight;
  DeviceState state;  // without what `sight` decides

  bool operator==(const DeviceRow&) const = default;
};
Result<DeviceRow> device_row(const kube::Json& object);

// Where an OffloadProgram was placed.
struct ProgramRow {
  api::Convention convention = api::Convention::kMem;
  std::string device;
  std::vector<int> ports;  // wanted

  bool operator==(const ProgramRow&) const = default;
};
Result<ProgramRow> program_row(const kube::Json& object);

}  // namespace faisca::offload
