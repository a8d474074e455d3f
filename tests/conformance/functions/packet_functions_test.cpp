// The packet functions of templates/xdp: the model must do with them what the kernel does, packet by packet,
// map by map. Replay with FAISCA_SEED=n.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <random>
#include <set>
#include <thread>

#include "hw/sim/oracle.h"
#include "lib/base/files.h"
#include "lib/bpf/object.h"

namespace faisca::conformance {
namespace {

using sim::MapContents;
using sim::MapEntry;
using sim::Oracle;
using sim::Verdict;
using Bytes = std::vector<std::uint8_t>;

// Traffic of few hosts, so that tables are hit: IPv4 and IPv6, TCP, UDP and ICMP, tags, runts, long ones.
class Traffic {
 public:
  explicit Traffic(std::uint64_t seed) { random_.seed(seed); }

  sim::Packet next() {
    Bytes bytes = {2, 0, 0, 0, 0, host(), 2, 0, 0, 0, 0, host()};
    if (one_in(12)) std::fill(bytes.begin(), bytes.begin() + 6, 0xff);
    for (std::uint32_t tags = one_in(6) ? 1 + below(3) : 0; tags > 0; --tags) append(bytes, {0x81, 0, 0, 7});
    if (one_in(8)) {
      append(bytes, {0x86, 0xdd, 0x60, 0, 0, 0, 0, 20, protocol(), 64});
      bytes.resize(bytes.size() + 32, 1);
    } else if (one_in(20)) {
      append(bytes, {8, 6});
    } else {
      const std::size_t start = bytes.size() + 2;
      append(bytes, {8,
                     0,
                     0x45,
                     0,
                     0,
                     60,
                     1,
                     2,
                     0,
                     0,
                     one_in(10) ? std::uint8_t{1} : std::uint8_t{64},
                     protocol(),
                     0,
                     0,
                     10,
                     0,
                     below8(4),
                     host(),
                     10,
                     0,
                     below8(4),
                     host()});
      std::uint32_t sum = 0;
      for (std::size_t at = start; at < bytes.size(); at += 2) sum += bytes[at] << 8 | bytes[at + 1];
      sum = (sum & 0xffff) + (sum >> 16);
      sum = ~(sum + (sum >> 16));
      bytes[start + 10] = static_cast<std::uint8_t>(sum >> 8);
      bytes[start + 11] = static_cast<std::uint8_t>(sum);
      append(bytes, {0, below8(2), 0, below8(4)});
    }
    const std::size_t size = one_in(10) ? 14 + below(40) : one_in(5) ? 600 + below(800) : 60 + below(70);
    const std::size_t written = bytes.size();
    bytes.resize(size);
    for (std::size_t at = written; at < size; ++at) bytes[at] = static_cast<std::uint8_t>(below(256));
    return {.port = below(4), .time_ns = 0, .bytes = std::move(bytes)};
  }

 private:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  std::uint8_t below8(std::uint32_t limit) { return static_cast<std::uint8_t>(below(limit)); }
  bool one_in(std::uint32_t n) { return below(n) == 0; }
  std::uint8_t host() { return static_cast<std::uint8_t>(1 + below(6)); }
  std::uint8_t protocol() { return std::array<std::uint8_t, 4>{6, 17, 1, 99}[below(4)]; }
  static void append(Bytes& to, const Bytes& bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }
  std::mt19937_64 random_;
};

struct Case {
  const char* name;
  std::vector<std::pair<const char*, MapEntry>> maps;
  std::set<Verdict> verdicts;  // that must come up, or the traffic shows too little
};

void PrintTo(const Case& one, std::ostream* out) { *out << one.name; }

MapEntry entry(Bytes key, Bytes value) { return {std::move(key), {std::move(value)}}; }

std::vector<Case> cases() {
  const auto interface = [](std::uint8_t key, std::uint8_t to) {
    return std::pair("ports", entry({key, 0, 0, 0}, {to, 0, 0, 0}));
  };
  const Bytes hop = {2, 9, 9, 9, 9, 1, 2, 9, 9, 9, 9, 2, 3, 0, 0, 0};
  return {
      {"wire", {}, {Verdict::kRedirect}},
      {"l2_switch",
       {interface(0, 1), interface(1, 2), interface(2, 3), interface(3, 4)},
       {Verdict::kRedirect}},
      {"router",
       {{"routes", entry({16, 0, 0, 0, 10, 0, 0, 0}, hop)},
        {"routes", entry({24, 0, 0, 0, 10, 0, 2, 0}, hop)}},
       {Verdict::kRedirect, Verdict::kPass, Verdict::kDrop}},
      {"ddos",
       {{"blocked", entry({10, 0, 1, 2}, Bytes(8))}, {"blocked", entry({10, 0, 3, 4}, Bytes(8))}},
       {Verdict::kRedirect, Verdict::kDrop}},
      {"simple_firewall", {}, {Verdict::kRedirect, Verdict::kDrop}},
      {"xdp1", {}, {Verdict::kDrop}},
      {"xdp2", {}, {Verdict::kTx}},
      {"redirect_map",
       {interface(1, 2), interface(2, 1), interface(3, 4)},
       {Verdict::kRedirect, Verdict::kAborted}},
      {"rxq_info", {{"action", entry({0, 0, 0, 0}, {3, 0, 0, 0, 0, 0, 0, 0})}}, {Verdict::kTx}},
      {"router_ipv4",
       {{"routes", entry({16, 0, 0, 0, 10, 0, 0, 0}, {0, 0, 0, 0, 1, 0, 0, 0})},
        {"routes", entry({24, 0, 0, 0, 10, 0, 2, 0}, {10, 0, 0, 1, 2, 0, 0, 0})},
        {"neighbours", entry({10, 0, 0, 1}, {2, 7, 7, 7, 7, 1, 0, 0})},
        {"neighbours", entry({10, 0, 1, 3}, {2, 7, 7, 7, 7, 3, 0, 0})},
        {"own", entry({1, 0, 0, 0}, {2, 8, 8, 8, 8, 1, 0, 0})},
        {"own", entry({2, 0, 0, 0}, {2, 8, 8, 8, 8, 2, 0, 0})},
        interface(1, 2),
        interface(2, 3)},
       {Verdict::kRedirect, Verdict::kPass, Verdict::kDrop}},
      {"tx_ip_tunnel",
       {{"services", entry({10, 0, 1, 2, 0, 1, 6, 0}, {192, 0, 2, 1, 192, 0, 2, 9, 2, 6, 6, 6, 6, 6, 0, 0})},
        {"services",
         entry({10, 0, 2, 3, 0, 2, 17, 0}, {192, 0, 2, 1, 192, 0, 2, 8, 2, 6, 6, 6, 6, 5, 0, 0})}},
       {Verdict::kTx, Verdict::kPass}},
      {"adjust_tail", {}, {Verdict::kTx, Verdict::kPass, Verdict::kDrop}},
  };
}

// Copies of the kernel's CPUs are added up: a test run may be on any.
Bytes sum_of(const MapEntry& entry) {
  Bytes sum = entry.values.front();
  for (std::size_t copy = 1; copy < entry.values.size(); ++copy)
    for (std::size_t at = 0, carry = 0; at < sum.size(); ++at) {
      if (at % 8 == 0) carry = 0;
      carry += sum[at] + std::size_t{entry.values[copy][at]};
      sum[at] = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
  return sum;
}

void expect_same_maps(Oracle& kernel, Oracle& model) {
  auto expected = kernel.maps(), got = model.maps();
  ASSERT_TRUE(expected && got);
  for (const MapContents& map : *got) {
    const auto& other =
        *std::find_if(expected->begin(), expected->end(), [&](const auto& m) { return m.name == map.name; });
    ASSERT_EQ(map.entries.size(), other.entries.size()) << map.name;
    for (std::size_t i = 0; i < map.entries.size(); ++i) {
      EXPECT_EQ(map.entries[i].key, other.entries[i].key) << map.name;
      if (map.type != bpf::MapType::kDevmap)
        EXPECT_EQ(sum_of(map.entries[i]), sum_of(other.entries[i])) << map.name << " entry " << i;
    }
  }
}

class PacketFunctions : public testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(Of, PacketFunctions, testing::ValuesIn(cases()),
                         [](const auto& info) { return std::string(info.param.name); });

TEST_P(PacketFunctions, DoOnTheModelWhatTheyDoInTheKernel) {
  if (geteuid() != 0) GTEST_SKIP() << "the kernel's test run needs root";
  const Case& given = GetParam();
  auto bytes = read_file(std::string(FAISCA_PACKET_FUNCTIONS) + "/" + given.name + ".o");
  ASSERT_TRUE(bytes) << bytes.error().text();
  auto program = bpf::load_program({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()});
  ASSERT_TRUE(program) << program.error().text();
  const char* text = std::getenv("FAISCA_SEED");
  const std::uint64_t seed = text != nullptr ? std::strtoull(text, nullptr, 0) : 1;
  SCOPED_TRACE("replay with FAISCA_SEED=" + std::to_string(seed));
  const auto run = [&] {
    auto kernel = sim::make_kernel_oracle({.object = *bytes, .entry = given.name});
    ASSERT_TRUE(kernel) << kernel.error().text();
    auto model = sim::make_model_oracle(*program);
    ASSERT_TRUE(model) << model.error().text();
    for (const auto& [map, line] : given.maps) {
      ASSERT_TRUE((*kernel)->fill_map(map, {line})) << map;
      ASSERT_TRUE((*model)->fill_map(map, {line})) << map;
    }
    Traffic traffic(seed);
    std::set<Verdict> seen;
    for (int i = 0; i < 400; ++i) {
      const sim::Packet packet = traffic.next();
      auto expected = (*kernel)->judge(packet), got = (*model)->judge(packet);
      ASSERT_TRUE(expected) << expected.error().text();
      ASSERT_TRUE(got) << got.error().text();
      ASSERT_EQ(got->verdict, expected->verdict) << "packet " << i << " on port " << packet.port;
      ASSERT_EQ(got->bytes, expected->bytes) << "packet " << i << " on port " << packet.port;
      seen.insert(got->verdict);
    }
    EXPECT_TRUE(std::includes(seen.begin(), seen.end(), given.verdicts.begin(), given.verdicts.end()));
    expect_same_maps(**kernel, **model);
  };
  std::thread(run).join();  // the kernel's oracle moves its thread into a network namespace
}

}  // namespace
}  // namespace faisca::conformance
