#include "lib/bpf/helpers.h"

#include <algorithm>
#include <cerrno>
#include <vector>

#include "lib/bpf/map_device.h"

namespace faisca::bpf {
namespace {

constexpr HelperInfo kTable[] = {
    {1, "map_lookup_elem", false}, {2, "map_update_elem", false}, {3, "map_delete_elem", false},
    {5, "ktime_get_ns", false},    {7, "get_prandom_u32", false}, {8, "get_smp_processor_id", false},
    {23, "redirect", true},        {28, "csum_diff", false},      {44, "xdp_adjust_head", true},
    {51, "redirect_map", true},    {54, "xdp_adjust_meta", true}, {65, "xdp_adjust_tail", true},
};

constexpr std::uint64_t kMaxSumBytes = 64 * 1024;  // more than any region's accessible part
constexpr std::uint32_t kXdpRedirect = 4;
constexpr std::uint32_t kXdpAborted = 0;
// Flags of bpf_redirect_map, linux/bpf.h; the low two bits are the verdict if the entry is empty.
constexpr std::uint64_t kVerdictMask = 3, kBroadcast = 8, kExcludeIngress = 16;

HelperResult answer(std::int64_t value) { return {FaultCause::kNone, static_cast<std::uint64_t>(value)}; }

HelperResult map_call(const HelperCall& call, Memory& memory, MapSet& maps) {
  Map* map = maps.find(call.args[0]);
  if (map == nullptr) return {FaultCause::kBadHelper, 0};
  std::vector<std::uint8_t> key(map->descriptor().key_size);
  if (auto fault = memory.load(call.args[1], key); fault != FaultCause::kNone) return {fault, 0};
  switch (static_cast<HelperId>(call.id)) {
    case HelperId::kMapLookup:
      return answer(map->lookup(key).value_or(0));
    case HelperId::kMapDelete:
      return answer(map->remove(memory, key));
    default:
      break;
  }
  std::vector<std::uint8_t> value(map->descriptor().value_size);
  if (auto fault = memory.load(call.args[2], value); fault != FaultCause::kNone) return {fault, 0};
  return answer(map->update(memory, key, value, call.args[3]));
}

// Ones' complement sum of `bytes`, as words of four bytes with zeros at the end, onto `sum`: csum_partial.
std::uint32_t add_words(std::span<const std::uint8_t> bytes, std::uint32_t sum) {
  std::uint64_t total = sum;
  for (std::size_t at = 0; at < bytes.size(); ++at) total += std::uint64_t{bytes[at]} << (8 * (at % 4));
  while (total >> 32 != 0) total = (total & 0xffff'ffff) + (total >> 32);
  return static_cast<std::uint32_t>(total);
}

// bpf_csum_diff(from, from_size, to, to_size, seed): seed + sum(to) - sum(from), folded to 16 bits, as
// kernels since 6.13 have it on every machine; which of the two zeros comes out is theirs too.
HelperResult csum_diff(const HelperCall& call, Memory& memory) {
  auto [from, from_size, to, to_size, seed] = call.args;
  if (std::max(from_size, to_size) > kMaxSumBytes) return {FaultCause::kOutOfBounds, 0};
  std::vector<std::uint8_t> old_bytes(from_size), new_bytes(to_size);
  if (from_size != 0)
    if (auto fault = memory.load(from, old_bytes); fault != FaultCause::kNone) return {fault, 0};
  if (to_size != 0)
    if (auto fault = memory.load(to, new_bytes); fault != FaultCause::kNone) return {fault, 0};
  auto sum = static_cast<std::uint32_t>(seed);
  if (from_size != 0 && to_size == 0) {
    sum = ~add_words(old_bytes, ~sum);
  } else {
    sum = add_words(new_bytes, sum);
    if (from_size != 0) {
      std::uint64_t total = std::uint64_t{sum} + static_cast<std::uint32_t>(~add_words(old_bytes, 0));
      sum = static_cast<std::uint32_t>(total + (total >> 32));
    }
  }
  std::uint32_t folded = (sum & 0xffff) + (sum >> 16);
  return answer((folded & 0xffff) + (folded >> 16));
}

HelperResult redirect(const HelperCall& call, Environment& environment) {
  if (call.args[1] != 0) return answer(kXdpAborted);  // no flag is defined for xdp
  const auto interface = static_cast<std::uint32_t>(call.args[0]);
  environment.redirect({&interface, 1});
  return answer(kXdpRedirect);
}

HelperResult redirect_map(const HelperCall& call, MapSet& maps, Environment& environment) {
  const auto* map = dynamic_cast<const DeviceMap*>(maps.find(call.args[0]));
  if (map == nullptr) return {FaultCause::kBadHelper, 0};
  const std::uint64_t flags = call.args[2];
  if ((flags & ~(kVerdictMask | kBroadcast | kExcludeIngress)) != 0) return answer(kXdpAborted);
  if ((flags & kBroadcast) != 0) {
    auto interfaces = map->interfaces();
    if ((flags & kExcludeIngress) != 0) std::erase(interfaces, environment.ingress_ifindex());
    environment.redirect(interfaces);
    return answer(kXdpRedirect);
  }
  const std::uint32_t interface = map->interface(static_cast<std::uint32_t>(call.args[1]));
  if (interface == 0) {
    environment.redirect({});
    return answer(static_cast<std::int64_t>(flags & kVerdictMask));
  }
  environment.redirect({&interface, 1});
  return answer(kXdpRedirect);
}

}  // namespace

std::span<const HelperInfo> helper_table() { return kTable; }

const HelperInfo* find_helper(std::uint32_t id) {
  auto found =
      std::find_if(std::begin(kTable), std::end(kTable), [&](const auto& row) { return row.id == id; });
  return found == std::end(kTable) ? nullptr : found;
}

const HelperInfo* find_helper(std::string_view name) {
  if (name.starts_with("bpf_")) name.remove_prefix(4);
  auto found =
      std::find_if(std::begin(kTable), std::end(kTable), [&](const auto& row) { return row.name == name; });
  return found == std::end(kTable) ? nullptr : found;
}

bool helper_allowed(std::uint32_t id, Convention convention) {
  const HelperInfo* info = find_helper(id);
  return info != nullptr && (!info->xdp_only || convention == Convention::kXdp);
}

HelperResult call_helper(const HelperCall& call, Memory& memory, MapSet& maps, Environment& environment) {
  switch (static_cast<HelperId>(call.id)) {
    case HelperId::kMapLookup:
    case HelperId::kMapUpdate:
    case HelperId::kMapDelete:
      return map_call(call, memory, maps);
    case HelperId::kKtimeGetNs:
      return answer(static_cast<std::int64_t>(environment.monotonic_ns()));
    case HelperId::kGetPrandomU32:
      return answer(environment.random_u32());
    case HelperId::kGetSmpProcessorId:
      return answer(environment.processor_id());
    case HelperId::kRedirect:
      return redirect(call, environment);
    case HelperId::kCsumDiff:
      return csum_diff(call, memory);
    case HelperId::kXdpAdjustHead:
      return answer(environment.adjust_head(static_cast<std::int32_t>(call.args[1])));
    case HelperId::kRedirectMap:
      return redirect_map(call, maps, environment);
    case HelperId::kXdpAdjustMeta:
      return answer(environment.adjust_meta(static_cast<std::int32_t>(call.args[1])));
    case HelperId::kXdpAdjustTail:
      return answer(environment.adjust_tail(static_cast<std::int32_t>(call.args[1])));
  }
  return {FaultCause::kBadHelper, 0};
}

}  // namespace faisca::bpf
