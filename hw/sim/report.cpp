#include "hw/sim/report.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace faisca::sim {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kCycleNs = 1e9 / device::kClockHz;

std::string ingress_cause(packet_regs::Ingress ingress) {
  using packet_regs::Ingress;
  switch (ingress) {
    case Ingress::kRunt:
      return "shorter than an Ethernet header";
    case Ingress::kOversize:
      return "longer than the device takes";
    case Ingress::kNoSlot:
      return "no free engine";
    case Ingress::kNoProgram:
      return "no program on the port";
    case Ingress::kAccepted:
      break;
  }
  return "";
}

std::string verdict_text(packet_regs::Verdict verdict) {
  using packet_regs::Verdict;
  switch (verdict) {
    case Verdict::kAborted:
      return "XDP_ABORTED";
    case Verdict::kDrop:
      return "XDP_DROP";
    case Verdict::kPass:
      return "XDP_PASS";
    case Verdict::kTx:
      return "XDP_TX";
    case Verdict::kRedirect:
      return "XDP_REDIRECT";
    case Verdict::kRedirectFailed:
      return "redirect to no port";
    case Verdict::kBadLength:
      return "bad length";
    case Verdict::kRefused:
      return "output full";
    case Verdict::kFaultIllegalInstruction:
      return "fault: illegal instruction";
    case Verdict::kFaultOutOfBounds:
      return "fault: access out of bounds";
    case Verdict::kFaultReadOnly:
      return "fault: store to the context";
    case Verdict::kFaultCallDepth:
      return "fault: calls too deep";
    case Verdict::kFaultBudget:
      return "fault: budget used up";
    case Verdict::kFaultPcRange:
      return "fault: left the program";
  }
  return "unknown";
}

bool leaves(packet_regs::Verdict verdict) {
  using packet_regs::Verdict;
  return verdict == Verdict::kPass || verdict == Verdict::kTx || verdict == Verdict::kRedirect;
}

void count_fates(const Simulation& simulation, Report& report, std::vector<std::uint64_t>& latencies,
                 std::uint64_t& first, std::uint64_t& last) {
  first = ~std::uint64_t{0};
  for (const Fate& fate : simulation.fates()) {
    first = std::min(first, fate.received_cycle);
    last = std::max(last, fate.received_cycle);
    if (fate.ingress != packet_regs::Ingress::kAccepted) {
      ++report.dropped[ingress_cause(fate.ingress)];
      continue;
    }
    ++report.accepted;
    if (fate.verdict) {
      ++report.verdicts[verdict_text(*fate.verdict)];
      if (!leaves(*fate.verdict)) ++report.dropped[verdict_text(*fate.verdict)];
    }
    if (fate.refused) ++report.dropped[verdict_text(packet_regs::Verdict::kRefused)];
    if (fate.outputs) ++report.sent;
    if (fate.to_host) ++report.to_host;
    if (fate.outputs || fate.to_host) latencies.push_back(fate.latency_cycles);
  }
}

std::uint64_t used_entries(const MapContents& map) { return comparable_entries(map).size(); }

std::string line(const char* format, auto... values) {
  char text[256];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

struct Part {
  const char* name;
  const char* key;
  std::uint64_t device::Activity::* cycles;
};
constexpr Part kParts[] = {{"issue", "issue", &device::Activity::issue},
                           {"load-use", "loadUse", &device::Activity::load_use},
                           {"branch", "branch", &device::Activity::branch},
                           {"map and helper wait", "mapWait", &device::Activity::call},
                           {"data wait", "dataWait", &device::Activity::data},
                           {"packet not yet here", "beatWait", &device::Activity::beat},
                           {"other", "other", &device::Activity::other},
                           {"idle", "idle", &device::Activity::idle}};

std::string comparison_text(const Report::Judged& judged) {
  const Comparison& result = judged.comparison;
  std::string text = line("oracle      %s: %llu packets and %llu map entries compared, %llu differ\n",
                          judged.oracle.c_str(), static_cast<unsigned long long>(result.packets),
                          static_cast<unsigned long long>(result.map_entries),
                          static_cast<unsigned long long>(result.different));
  if (result.not_compared)
    text += line("            %llu packets came in during the exchange and were not compared\n",
                 static_cast<unsigned long long>(result.not_compared));
  if (result.first) text += "\nfirst difference: " + result.first->text + "\n";
  if (judged.overlapping)
    text += line(
                "note        at this rate %llu packets or map entries differ because packets meet in maps;\n"
                "            one at a time all agree (--strict fails here). First:\n",
                static_cast<unsigned long long>(judged.overlapping->different)) +
            judged.overlapping->first->text + "\n";
  return text;
}

Json comparison_json(const Comparison& comparison) {
  Json json = {{"packets", comparison.packets},
               {"mapEntries", comparison.map_entries},
               {"notCompared", comparison.not_compared},
               {"different", comparison.different}};
  if (!comparison.first) return json;
  json["first"] = {{"text", comparison.first->text}};
  if (comparison.first->packet) json["first"]["packet"] = *comparison.first->packet + 1;
  return json;
}

}  // namespace

double percentile(std::vector<std::uint64_t>& values, double p) {
  if (values.empty()) return 0;
  const auto at = static_cast<std::ptrdiff_t>(p * static_cast<double>(values.size() - 1) + 0.5);
  std::nth_element(values.begin(), values.begin() + at, values.end());
  return static_cast<double>(values[static_cast<std::size_t>(at)]);
}

Report make_report(Simulation& simulation, const std::vector<MapContents>& maps, bool serial) {
  Report report;
  report.program = simulation.program().name;
  report.offered = simulation.fates().size();
  std::vector<std::uint64_t> latencies;
  std::uint64_t first = 0, last = 0;
  count_fates(simulation, report, latencies, first, last);
  if (!serial && last > first) {
    const double seconds = static_cast<double>(last - first) / device::kClockHz;
    report.offered_mpps = static_cast<double>(report.offered) / seconds / 1e6;
    report.processed_mpps = static_cast<double>(report.accepted) / seconds / 1e6;
  }
  report.activity = simulation.device().activity();
  std::uint64_t busy = 0;
  for (const Part& part : kParts)
    if (part.cycles != &device::Activity::idle) busy += report.activity.*part.cycles;
  if (report.accepted)
    report.cycles_per_packet = static_cast<double>(busy) / static_cast<double>(report.accepted);
  if (!latencies.empty())
    report.latency = Latency{percentile(latencies, 0.5) * kCycleNs, percentile(latencies, 0.99) * kCycleNs,
                             percentile(latencies, 1) * kCycleNs};
  for (const MapContents& map : maps) {
    const auto& known = simulation.program().maps;
    const auto descriptor = std::find_if(known.begin(), known.end(),
                                         [&](const bpf::MapDescriptor& one) { return one.name == map.name; });
    report.maps.push_back({map.name, std::string(bpf::map_type_name(map.type)), used_entries(map),
                           descriptor == known.end() ? 0 : descriptor->max_entries});
  }
  report.cycles = simulation.last_cycle() - simulation.first_cycle();
  report.host_seconds = simulation.host_seconds();
  return report;
}

std::string report_text(const Report& report) {
  const auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  std::string text = "program     " + report.program + "\n";
  text += line("packets     %llu in, %llu taken, %llu out, %llu to the host\n", number(report.offered),
               number(report.accepted), number(report.sent), number(report.to_host));
  for (const auto& [verdict, count] : report.verdicts)
    text += line("verdict     %-28s %llu\n", verdict.c_str(), number(count));
  for (const auto& [cause, count] : report.dropped)
    text += line("dropped     %-28s %llu\n", cause.c_str(), number(count));
  if (report.offered_mpps > 0)
    text += line("rate        %.2f Mpps offered, %.2f Mpps processed\n", report.offered_mpps,
                 report.processed_mpps);
  if (report.latency)
    text += line("latency     p50 %.0f ns, p99 %.0f ns, max %.0f ns (first beat in to first beat out)\n",
                 report.latency->p50_ns, report.latency->p99_ns, report.latency->max_ns);
  text += line("engine      %.1f cycles a packet:", report.cycles_per_packet);
  for (const Part& part : kParts)
    if (report.accepted && part.cycles != &device::Activity::idle && report.activity.*part.cycles)
      text += line(" %s %.1f", part.name,
                   static_cast<double>(report.activity.*part.cycles) / static_cast<double>(report.accepted));
  text += "\n";
  std::uint64_t all = 0;
  for (const Part& part : kParts) all += report.activity.*part.cycles;
  if (all)
    text += line("            idle %.0f %% of the time\n",
                 100.0 * static_cast<double>(report.activity.idle) / static_cast<double>(all));
  for (const MapUse& map : report.maps)
    text += line("map         %s (%s): %llu of %u entries\n", map.name.c_str(), map.type.c_str(),
                 number(map.entries), map.max_entries);
  if (report.swap)
    text += line("swap        at packet %llu: %llu packets lost, %llu cycles\n", number(report.swap->packet),
                 number(report.swap->lost), number(report.swap->cycles));
  text += line("simulated   %llu cycles in %.2f s: %.0f cycles/s, %.0f packets/s\n", number(report.cycles),
               report.host_seconds, static_cast<double>(report.cycles) / std::max(report.host_seconds, 1e-9),
               static_cast<double>(report.offered) / std::max(report.host_seconds, 1e-9));
  text += "            Figures are cycles of the simulated RTL at an assumed 200 MHz.\n";
  if (report.judged) text += comparison_text(*report.judged);
  return text;
}

std::string report_json(const Report& report) {
  Json json;
  json["program"] = report.program;
  json["assumedClockHz"] = device::kClockHz;
  json["packets"] = {{"in", report.offered},
                     {"taken", report.accepted},
                     {"out", report.sent},
                     {"toHost", report.to_host},
                     {"dropped", report.dropped}};
  json["verdicts"] = report.verdicts;
  if (report.offered_mpps > 0)
    json["mpps"] = {{"offered", report.offered_mpps}, {"processed", report.processed_mpps}};
  if (report.latency)
    json["latencyNs"] = {
        {"p50", report.latency->p50_ns}, {"p99", report.latency->p99_ns}, {"max", report.latency->max_ns}};
  json["cyclesPerPacket"] = report.cycles_per_packet;
  for (const Part& part : kParts) json["engineCycles"][part.key] = report.activity.*part.cycles;
  json["maps"] = Json::array();
  for (const MapUse& map : report.maps)
    json["maps"].push_back(
        {{"name", map.name}, {"type", map.type}, {"entries", map.entries}, {"maxEntries", map.max_entries}});
  if (report.swap)
    json["swap"] = {
        {"packet", report.swap->packet}, {"lost", report.swap->lost}, {"cycles", report.swap->cycles}};
  if (report.judged) {
    json["oracle"] = comparison_json(report.judged->comparison);
    json["oracle"]["name"] = report.judged->oracle;
    if (report.judged->overlapping)
      json["oracle"]["overlapping"] = comparison_json(*report.judged->overlapping);
  }
  json["simulation"] = {
      {"cycles", report.cycles},
      {"seconds", report.host_seconds},
      {"cyclesPerSecond", static_cast<double>(report.cycles) / std::max(report.host_seconds, 1e-9)},
      {"packetsPerSecond", static_cast<double>(report.offered) / std::max(report.host_seconds, 1e-9)}};
  return json.dump(2) + "\n";
}

}  // namespace faisca::sim
