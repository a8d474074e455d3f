#include "lib/bpf/helpers.h"

#include <algorithm>
#include <cerrno>
#include <vector>

namespace faisca::bpf {
namespace {

constexpr HelperInfo kTable[] = {
    {1, "map_lookup_elem", false}, {2, "map_update_elem", false}, {3, "map_delete_elem", false},
    {5, "ktime_get_ns", false},    {7, "get_prandom_u32", false}, {8, "get_smp_processor_id", false},
    {23, "redirect", true},        {28, "csum_diff", false},      {44, "xdp_adjust_head", true},
};

constexpr std::uint32_t kXdpRedirect = 4;
constexpr std::uint32_t kXdpAborted = 0;
constexpr std::uint32_t kMaxCsumBytes = 512;  // the kernel's scratch pad

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

// Adds little-endian 32-bit words in ones' complement; the sum of `words` replaces nothing smaller than 32
// bits.
std::uint64_t fold32(std::uint64_t sum) {
  while (sum >> 32 != 0) sum = (sum & 0xffff'ffff) + (sum >> 32);
  return sum;
}

// bpf_csum_diff(from, from_size, to, to_size, seed): seed + sum(to) - sum(from), unfolded to 32 bits, as
// csum_partial.
HelperResult csum_diff(const HelperCall& call, Memory& memory) {
  auto [from, from_size, to, to_size, seed] = call.args;
  std::uint64_t from_bytes = from_size & 0xffff'ffff, to_bytes = to_size & 0xffff'ffff;
  if (from_bytes % 4 != 0 || to_bytes % 4 != 0 || from_bytes + to_bytes > kMaxCsumBytes)
    return answer(-EINVAL);
  std::vector<std::uint8_t> old_bytes(from_bytes), new_bytes(to_bytes);
  if (from_bytes != 0)
    if (auto fault = memory.load(from, old_bytes); fault != FaultCause::kNone) return {fault, 0};
  if (to_bytes != 0)
    if (auto fault = memory.load(to, new_bytes); fault != FaultCause::kNone) return {fault, 0};
  auto word = [](const std::vector<std::uint8_t>& bytes, std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 |
                                      static_cast<std::uint32_t>(bytes[at + 3]) << 24);
  };
  std::uint64_t sum = seed & 0xffff'ffff;
  for (std::size_t at = 0; at < old_bytes.size(); at += 4)
    sum += static_cast<std::uint32_t>(~word(old_bytes, at));
  for (std::size_t at = 0; at < new_bytes.size(); at += 4) sum += word(new_bytes, at);
  return answer(static_cast<std::int64_t>(fold32(sum)));
}

HelperResult redirect(const HelperCall& call, Environment& environment) {
  if (call.args[1] != 0) return answer(kXdpAborted);  // no flag is defined for xdp
  environment.redirect(static_cast<std::uint32_t>(call.args[0]));
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
      return answer(environment.adjust_head(static_cast<std::int32_t>(call.args[1])) ? 0 : -EINVAL);
  }
  return {FaultCause::kBadHelper, 0};
}

}  // namespace faisca::bpf
