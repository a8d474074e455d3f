// The label by which a device plugin finds its OffloadPrograms: a watch of all of them on every node would
// send each object to every node. Thread: pure.
#pragma once

#include <string>
#include <string_view>

namespace faisca::api {

inline constexpr char kDeviceLabel[] = "faisca.dev/device";

// A label's value for the OffloadDevice of this name: the name itself, or a digest of one that is too long
// for a label.
std::string device_label(std::string_view device);

}  // namespace faisca::api
