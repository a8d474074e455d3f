// The packets of a run: from captures, taken port by port in turn, or made up. Reads files. Errors: those of
// read_pcap and check_traffic; kInvalidArgument if there is no packet at all.
#pragma once

#include <vector>

#include "hw/sim/options.h"
#include "hw/sim/packet.h"
#include "lib/base/result.h"

namespace faisca::sim {

inline constexpr std::uint64_t kDefaultPackets = 20'000;  // without --in and --packets

Result<std::vector<Packet>> make_workload(const Options& options, std::uint32_t ports);

}  // namespace faisca::sim
