#include "hw/sim/comparison.h"

#include <algorithm>
#include <map>
#include <utility>

namespace faisca::sim {
namespace {

// A packet's fate is known to be decided by the old program before the exchange begins, and by the new one
// this many cycles after it ended.
constexpr std::uint64_t kSettleCycles = 16;
constexpr std::size_t kShownBytes = 128;

using Bytes = std::vector<std::uint8_t>;

std::string ports_text(std::uint32_t ports) {
  std::string text;
  for (std::uint32_t port = 0; port < 32; ++port)
    if (ports >> port & 1) text += (text.empty() ? "port " : ", port ") + std::to_string(port);
  return text.empty() ? "no port" : text;
}

std::string bytes_text(const Bytes& bytes) {
  const std::size_t shown = std::min(bytes.size(), kShownBytes);
  return hex_text(std::span(bytes).first(shown)) + (shown < bytes.size() ? "…" : "") + " (" +
         std::to_string(bytes.size()) + " bytes)";
}

std::string_view device_verdict(const Fate& fate) {
  using packet_regs::Verdict;
  if (!fate.verdict) return "no verdict";
  switch (*fate.verdict) {
    case Verdict::kDrop:
      return "XDP_DROP";
    case Verdict::kPass:
      return "XDP_PASS";
    case Verdict::kTx:
      return "XDP_TX";
    case Verdict::kRedirect:
      return "XDP_REDIRECT";
    case Verdict::kRedirectFailed:
      return "XDP_REDIRECT to no port of the device";
    case Verdict::kBadLength:
      return "dropped for a bad length";
    case Verdict::kFaultIllegalInstruction:
      return "XDP_ABORTED (illegal instruction, helper or map)";
    case Verdict::kFaultOutOfBounds:
      return "XDP_ABORTED (access out of bounds)";
    case Verdict::kFaultReadOnly:
      return "XDP_ABORTED (store to the context)";
    case Verdict::kFaultCallDepth:
      return "XDP_ABORTED (calls too deep)";
    case Verdict::kFaultBudget:
      return "XDP_ABORTED (budget of cycles used up)";
    case Verdict::kFaultPcRange:
      return "XDP_ABORTED (left the program)";
    default:
      return "XDP_ABORTED";
  }
}

bool same_verdict(const Judgement& expected, const Fate& fate) {
  if (!fate.verdict) return false;
  const auto device = *fate.verdict;
  using Kind = packet_regs::Verdict;
  switch (expected.verdict) {
    case Verdict::kDrop:
      return device == Kind::kDrop;
    case Verdict::kPass:
      return device == Kind::kPass;
    case Verdict::kTx:
      return device == Kind::kTx;
    case Verdict::kRedirect:
      if (device == Kind::kRedirectFailed) return expected.redirect_ports.value_or(0) == 0;
      return device == Kind::kRedirect;
    case Verdict::kAborted:
      return device == Kind::kAborted || static_cast<std::uint32_t>(device) > 8;
  }
  return false;
}

Bytes sum_of(const std::vector<Bytes>& values) {
  Bytes sum = values.front();
  const std::size_t word = sum.size() % 8 == 0 ? 8 : sum.size() % 4 == 0 ? 4 : 1;
  for (std::size_t v = 1; v < values.size(); ++v)
    for (std::size_t at = 0; at < sum.size(); at += word) {
      unsigned carry = 0;
      for (std::size_t b = at; b < at + word; ++b) {
        carry += sum[b] + values[v][b];
        sum[b] = static_cast<std::uint8_t>(carry);
        carry >>= 8;
      }
    }
  return sum;
}

void note(Comparison& comparison, Difference difference) {
  ++comparison.different;
  if (!comparison.first) comparison.first = std::move(difference);
}

}  // namespace

std::optional<std::string> differs(const Judgement& expected, const Fate& fate) {
  const std::string wanted(verdict_name(expected.verdict));
  if (!same_verdict(expected, fate))
    return "expected " + wanted + "\n     got " + std::string(device_verdict(fate));
  if (fate.mixed) return "expected " + wanted + "\n     got copies that differ from each other";
  std::uint32_t outputs = 0;
  bool to_host = false;
  switch (expected.verdict) {
    case Verdict::kPass:
      to_host = true;
      break;
    case Verdict::kTx:
      outputs = 1u << fate.port;
      break;
    case Verdict::kRedirect:
      outputs = expected.redirect_ports.value_or(fate.outputs);
      break;
    default:
      break;
  }
  // A full output is the traffic's fault, not the program's; it is counted as a drop.
  if (fate.refused && (fate.outputs & ~outputs) == 0) return std::nullopt;
  if (fate.outputs != outputs || fate.to_host != to_host)
    return "expected " + wanted + (to_host ? " to the host" : " to " + ports_text(outputs)) + "\n     got " +
           (fate.to_host ? "the host and " : "") + ports_text(fate.outputs);
  if ((fate.outputs || fate.to_host) && fate.bytes != expected.bytes)
    return "expected " + bytes_text(expected.bytes) + "\n     got " + bytes_text(fate.bytes);
  return std::nullopt;
}

std::vector<MapEntry> comparable_entries(const MapContents& map) {
  std::vector<MapEntry> entries;
  const bool lists_all = map.type == bpf::MapType::kArray || map.type == bpf::MapType::kPercpuArray;
  for (const MapEntry& entry : map.entries) {
    Bytes value = sum_of(entry.values);
    // A DEVMAP's value may carry a program's id behind the interface; the device has none.
    if (map.type == bpf::MapType::kDevmap) value.resize(4);
    if (lists_all && std::all_of(value.begin(), value.end(), [](std::uint8_t b) { return b == 0; })) continue;
    entries.push_back({entry.key, {std::move(value)}});
  }
  return entries;
}

void compare_maps(const std::vector<MapContents>& expected, const std::vector<MapContents>& device,
                  Comparison& comparison) {
  for (const MapContents& map : expected) {
    if (map.type == bpf::MapType::kLruHash) continue;
    const auto found = std::find_if(device.begin(), device.end(),
                                    [&](const MapContents& other) { return other.name == map.name; });
    if (found == device.end()) continue;  // the program does not use it
    std::map<Bytes, std::pair<std::optional<Bytes>, std::optional<Bytes>>> both;
    for (MapEntry& entry : comparable_entries(map)) both[entry.key].first = std::move(entry.values.front());
    for (MapEntry& entry : comparable_entries(*found))
      both[entry.key].second = std::move(entry.values.front());
    for (const auto& [key, values] : both) {
      ++comparison.map_entries;
      if (values.first == values.second) continue;
      const auto show = [](const std::optional<Bytes>& value) {
        return value ? bytes_text(*value) : std::string("no entry");
      };
      note(comparison, {std::nullopt, "map " + map.name + ", key " + hex_text(key) + "\nexpected " +
                                          show(values.first) + "\n     got " + show(values.second)});
    }
  }
}

Result<Comparison> compare(Simulation& simulation, const std::vector<Packet>& packets, Oracle& before,
                           Oracle* after) {
  Comparison comparison;
  Oracle* judge = &before;
  const auto swap = simulation.swap_cycles();
  const std::uint32_t all_ports = (1u << simulation.device().shape().ports) - 1;
  for (const std::size_t index : simulation.order()) {
    const Fate& fate = simulation.fates()[index];
    if (after && swap && judge == &before && fate.received_cycle > swap->before) {
      FAISCA_TRY(maps, before.maps());
      for (const MapContents& map : maps) {
        auto filled = after->fill_map(map.name, map.entries);
        if (!filled && filled.error().code != Code::kNotFound) return fail(std::move(filled).error());
      }
      judge = after;
    }
    FAISCA_TRY(expected, judge->judge(packets[index]));
    if (expected.redirect_ports) *expected.redirect_ports &= all_ports;
    if (after && swap && fate.received_cycle > swap->before &&
        fate.received_cycle <= swap->after + kSettleCycles) {
      ++comparison.not_compared;
      continue;
    }
    ++comparison.packets;
    if (auto why = differs(expected, fate))
      note(comparison,
           {index, "packet " + std::to_string(index + 1) + ", in by port " + std::to_string(fate.port) +
                       ": " + bytes_text(packets[index].bytes) + "\n" + *why});
  }
  FAISCA_TRY(expected_maps, judge->maps());
  FAISCA_TRY(device_maps, simulation.maps());
  compare_maps(expected_maps, device_maps, comparison);
  return comparison;
}

}  // namespace faisca::sim
