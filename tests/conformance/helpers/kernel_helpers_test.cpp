// The software's helpers and maps against the kernel's: random calls, each in a packet, by lib/bpf's model
// and by BPF_PROG_TEST_RUN. Replay with FAISCA_SEED=n.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <random>
#include <thread>

#include "hw/sim/oracle.h"
#include "lib/base/files.h"
#include "lib/bpf/object.h"

namespace faisca::conformance {
namespace {

using sim::MapContents;
using sim::Oracle;

class Calls {
 public:
  explicit Calls(std::uint64_t seed) { random_.seed(seed); }

  sim::Packet next() {
    static constexpr int kOperations = 19;
    const auto operation = static_cast<std::uint8_t>(below(kOperations));
    std::uint32_t a = number(), b = number(), c = number();
    if (operation >= 9) a = below(10) == 0 ? number() : operation >= 15 ? below(10) : number();
    if (operation == 9 || operation == 15) b = below(5) == 0 ? number() : below(4);
    if (operation >= 12 && operation <= 14) b = (below(8) == 0 ? 33 + below(31) : below(33)) | below(4) << 6;
    if (operation == 4) a = below(7), b = below(4) == 0 ? number() : below(4) | below(2) << 4;
    if (operation == 5) b = below(3);
    sim::Packet packet{.port = 0, .time_ns = 0, .bytes = std::vector<std::uint8_t>(60 + below(100))};
    for (auto& byte : packet.bytes) byte = static_cast<std::uint8_t>(below(256));
    packet.bytes[14] = operation;
    std::memcpy(&packet.bytes[16], &a, 4);
    std::memcpy(&packet.bytes[20], &b, 4);
    std::memcpy(&packet.bytes[24], &c, 4);
    return packet;
  }

 private:
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
  // Distances that helpers take, their neighbours, and anything.
  std::uint32_t number() {
    switch (below(4)) {
      case 0:
        return below(64);
      case 1:
        return ~below(270);
      case 2:
        return 4 * below(400);
      default:
        return static_cast<std::uint32_t>(random_());
    }
  }
  std::mt19937_64 random_;
};

std::string describe(const sim::Packet& packet) {
  std::uint32_t words[3];
  std::memcpy(words, &packet.bytes[16], sizeof words);
  return "operation " + std::to_string(packet.bytes[14]) + " a " +
         std::to_string(static_cast<std::int32_t>(words[0])) + " b " +
         std::to_string(static_cast<std::int32_t>(words[1])) + " c " + std::to_string(words[2]) + " length " +
         std::to_string(packet.bytes.size());
}

const MapContents& map_of(const std::vector<MapContents>& maps, const std::string& name) {
  return *std::find_if(maps.begin(), maps.end(), [&](const auto& map) { return map.name == name; });
}

void compare(const std::string& bytes, const bpf::Program& program, std::uint64_t seed, int calls) {
  auto kernel = sim::make_kernel_oracle({.object = bytes, .entry = "helpers"});
  ASSERT_TRUE(kernel) << kernel.error().text();
  auto model = sim::make_model_oracle(program);
  ASSERT_TRUE(model) << model.error().text();
  for (Oracle* oracle : {kernel->get(), model->get()})
    ASSERT_TRUE(oracle->fill_map("ports", {{{1, 0, 0, 0}, {{2, 0, 0, 0}}}, {{3, 0, 0, 0}, {{1, 0, 0, 0}}}}));
  Calls random(seed);
  for (int i = 0; i < calls; ++i) {
    const sim::Packet packet = random.next();
    SCOPED_TRACE(describe(packet) + ", call " + std::to_string(i) +
                 ", replay with FAISCA_SEED=" + std::to_string(seed));
    auto expected = (*kernel)->judge(packet), got = (*model)->judge(packet);
    ASSERT_TRUE(expected) << expected.error().text();
    ASSERT_TRUE(got) << got.error().text();
    ASSERT_EQ(got->verdict, expected->verdict);
    auto kernel_maps = (*kernel)->maps(), model_maps = (*model)->maps();
    ASSERT_TRUE(kernel_maps && model_maps);
    ASSERT_EQ(map_of(*model_maps, "out").entries, map_of(*kernel_maps, "out").entries)
        << "what the helper returned";
    // The kernel gives the metadata with the packet.
    const std::uint8_t metadata = map_of(*model_maps, "out").entries[2].values[0][0];
    ASSERT_EQ(got->bytes,
              (std::vector<std::uint8_t>(expected->bytes.begin() + metadata, expected->bytes.end())));
    for (const char* name : {"table", "routes", "array"})
      ASSERT_EQ(map_of(*model_maps, name).entries, map_of(*kernel_maps, name).entries) << name;
  }
}

TEST(Helpers, AgreeWithTheKernel) {
  if (geteuid() != 0) GTEST_SKIP() << "the kernel's test run needs root";
  auto bytes = read_file(std::string(FAISCA_BPF_TESTDATA) + "/helpers.v3.g.o");
  ASSERT_TRUE(bytes) << bytes.error().text();
  auto program = bpf::load_program({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()});
  ASSERT_TRUE(program) << program.error().text();
  const char* seed = std::getenv("FAISCA_SEED");
  // The kernel's oracle moves its thread into a network namespace of its own.
  std::thread thread(
      [&] { compare(*bytes, *program, seed != nullptr ? std::strtoull(seed, nullptr, 0) : 1, 600); });
  thread.join();
}

}  // namespace
}  // namespace faisca::conformance
