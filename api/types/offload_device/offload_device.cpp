#include "api/types/offload_device/offload_device.h"

#include "api/types/fields/resource.h"
#include "api/types/offload_device/mapping.h"

namespace faisca::api {
namespace {

constexpr internal::Kind kKind{kApiVersion, kOffloadDeviceKind};
constexpr auto kSpec = [](auto& io, OffloadDevice& v) {
  io.object("spec", v.spec, internal::kDeviceSpecFields, "");
};
constexpr auto kFields = [](auto& io, OffloadDevice& v) {
  kSpec(io, v);
  io.object("status", v.status, internal::kDeviceStatusFields, "");
};

}  // namespace

Result<OffloadDevice> parse_offload_device(std::string_view text, UnknownFields unknown) {
  return internal::read_resource<OffloadDevice>(text, kKind, kFields, unknown);
}
std::string print_offload_device_json(const OffloadDevice& device) {
  return print_json(internal::write_resource(device, kKind, kFields));
}
std::string print_offload_device_spec_json(const OffloadDevice& device) {
  return print_json(internal::write_resource(device, kKind, kSpec));
}

}  // namespace faisca::api
