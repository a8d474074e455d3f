// Which device each offloaded function runs on: a pure function of what functions need and what devices have.
//
// Rules, in this order:
//   1. A function stays on its device as long as that device is not gone and the function still fits there.
//   Of two that
//      want the same port the one that has it already keeps it. A device in doubt keeps what it has and gets
//      nothing.
//   2. A function that has to move, or has no device yet, goes to the device that fits and is used least
//   (slots for
//      mem, ports for xdp); of equals the first by name.
//   3. When nothing fits, a function whose device is known still, though gone, keeps it in name: it may come
//   back.
//      All others get none. Either way the reason for every device is told.
// Deterministic: neither time, nor the order of the arguments, nor chance has a say. Thread: pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "api/types/function/function.h"

namespace faisca::offload {

enum class Liveness {
  kReady,     // heartbeat fresh, says it is well
  kDoubtful,  // not well, or not known to be, but not for long yet
  kGone,      // for longer than the grace
};

struct DeviceState {
  std::string name;
  std::string node;
  Liveness liveness = Liveness::kReady;
  std::string why;  // it is not ready
  int slots = 0;    // instances of mem functions
  std::vector<int> ports;
  std::int64_t instructions = 0;  // of one program; 0: not told
  std::int64_t data_bytes = 0;    // for its globals and maps; 0: not told

  bool operator==(const DeviceState&) const = default;
};

struct Demand {
  api::Convention convention = api::Convention::kMem;
  std::vector<int> ports;         // xdp: wanted; empty: all of the device
  int slots = 0;                  // mem: instances
  std::int64_t instructions = 0;  // of the program
  std::int64_t data_bytes = 0;
  std::string current;             // the device it is on; empty: none
  std::vector<int> current_ports;  // that it was given there

  bool operator==(const Demand&) const = default;
};

struct Refusal {
  std::string device;
  std::string reason;  // "port 0 is taken by shop/count"

  bool operator==(const Refusal&) const = default;
};

struct Placement {
  std::string device;  // empty: none
  std::string node;
  std::string moved_from;         // the device it had before, when that was another one
  bool fits = false;              // false: `device` is empty, or it cannot serve the function now
  std::vector<Refusal> refusals;  // when it does not fit anywhere: one for each device, by name

  // "no device fits: node1-0: port 0 is taken by shop/count; …", cut after a few devices; empty when it fits.
  std::string message() const;

  bool operator==(const Placement&) const = default;
};

// Key: NAMESPACE/NAME of the function.
std::map<std::string, Placement> place(const std::map<std::string, Demand>& demands,
                                       const std::vector<DeviceState>& devices);

}  // namespace faisca::offload
