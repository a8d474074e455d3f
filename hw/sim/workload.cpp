#include "hw/sim/workload.h"

#include <algorithm>
#include <utility>

#include "hw/sim/pcap_file.h"
#include "hw/sim/traffic.h"

namespace faisca::sim {
namespace {

Result<std::vector<Packet>> read_inputs(const Options& options) {
  std::vector<std::vector<Packet>> files;
  std::size_t longest = 0;
  for (const Options::Input& input : options.inputs) {
    FAISCA_TRY(packets, read_pcap(input.path, input.port));
    longest = std::max(longest, packets.size());
    files.push_back(std::move(packets));
  }
  std::vector<Packet> all;
  for (std::size_t turn = 0; turn < longest; ++turn)
    for (auto& file : files)
      if (turn < file.size()) all.push_back(std::move(file[turn]));
  if (all.empty()) return fail(Code::kInvalidArgument, "the captures given with --in hold no packet");
  const std::size_t once = all.size();
  if (options.packets) {
    all.reserve(*options.packets);
    while (all.size() < *options.packets) all.push_back(all[all.size() - once]);
    all.resize(*options.packets);
  }
  return all;
}

}  // namespace

Result<std::vector<Packet>> make_workload(const Options& options, std::uint32_t ports) {
  if (!options.inputs.empty()) return read_inputs(options);
  const TrafficSettings traffic{.ports = ports, .flows = options.flows, .bytes = options.size};
  FAISCA_CHECK_OK(check_traffic(traffic));
  std::vector<Packet> packets(options.packets.value_or(kDefaultPackets));
  for (std::size_t index = 0; index < packets.size(); ++index)
    packets[index] = make_packet(traffic, static_cast<std::uint32_t>(index % ports), index / ports);
  return packets;
}

}  // namespace faisca::sim
