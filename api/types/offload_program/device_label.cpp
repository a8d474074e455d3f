#include "api/types/offload_program/device_label.h"

#include <cstdint>

namespace faisca::api {
namespace {

constexpr std::size_t kLongestLabel = 63;

// FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/): told apart are names of one cluster's nodes, none of
// them hostile.
std::uint64_t digest(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

std::string hex(std::uint64_t value) {
  std::string text(16, '0');
  for (std::size_t i = text.size(); i-- > 0; value >>= 4) text[i] = "0123456789abcdef"[value & 15];
  return text;
}

}  // namespace

std::string device_label(std::string_view device) {
  if (device.size() <= kLongestLabel) return std::string(device);
  std::string head(device.substr(0, kLongestLabel - 17));
  while (!head.empty() && (head.back() == '.' || head.back() == '-')) head.pop_back();
  return head + "-" + hex(digest(device));
}

}  // namespace faisca::api
