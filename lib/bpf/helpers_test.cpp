#include "lib/bpf/helpers.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace faisca::bpf {
namespace {

struct FakeEnvironment : Environment {
  std::uint64_t monotonic_ns() override { return 123; }
  std::uint32_t random_u32() override { return 0xdeadbeef; }
  std::uint32_t ingress_ifindex() override { return 2; }
  void redirect(std::span<const std::uint32_t> interfaces) override {
    redirected_to.assign(interfaces.begin(), interfaces.end());
  }
  std::vector<std::uint32_t> redirected_to;
};

struct World {
  Regions regions{{}, 64};
  MapSet maps = *MapSet::create(std::vector<MapDescriptor>{{.id = 1,
                                                            .name = "m",
                                                            .type = MapType::kArray,
                                                            .key_size = 4,
                                                            .value_size = 8,
                                                            .max_entries = 4,
                                                            .values_address = kDataBase},
                                                           {.id = 3,
                                                            .name = "ports",
                                                            .type = MapType::kDevmap,
                                                            .key_size = 4,
                                                            .value_size = 4,
                                                            .max_entries = 4,
                                                            .values_address = kDataBase + 32}});
  FakeEnvironment environment;

  HelperResult call(std::uint32_t id, std::array<std::uint64_t, 5> args = {}) {
    return call_helper({id, args}, regions, maps, environment);
  }
};

TEST(Helpers, AnswerTimeRandomAndProcessor) {
  World world;
  EXPECT_EQ(world.call(5).r0, 123u);
  EXPECT_EQ(world.call(7).r0, 0xdeadbeefu);
  EXPECT_EQ(world.call(8).r0, 0u);
}

TEST(Helpers, LookUpAndUpdateThroughDeviceMemory) {
  World world;
  std::uint8_t key[4] = {2, 0, 0, 0}, value[8] = {7};
  ASSERT_EQ(world.regions.store(kStackBase, key), FaultCause::kNone);
  ASSERT_EQ(world.regions.store(kStackBase + 8, value), FaultCause::kNone);
  EXPECT_EQ(world.call(2, {1, kStackBase, kStackBase + 8, 0}).r0, 0u);
  EXPECT_EQ(world.call(1, {1, kStackBase}).r0, kDataBase + 16u);
  EXPECT_EQ(world.regions.data()[16], 7);
}

TEST(Helpers, FaultOnBadPointersAndHandles) {
  World world;
  EXPECT_EQ(world.call(1, {1, 0}).fault, FaultCause::kOutOfBounds);
  EXPECT_EQ(world.call(2, {1, kStackBase, kDataBase + 60, 0}).fault, FaultCause::kOutOfBounds);
  EXPECT_EQ(world.call(1, {2, kStackBase}).fault, FaultCause::kBadHelper);
  EXPECT_EQ(world.call(1, {kDataBase, kStackBase}).fault, FaultCause::kBadHelper);
  EXPECT_EQ(world.call(4711).fault, FaultCause::kBadHelper);
}

// Expected values are those of BPF_PROG_TEST_RUN on Linux 6.18.
TEST(Helpers, SumDifferencesInOnesComplement) {
  World world;
  std::uint8_t bytes[256];
  for (int i = 0; i < 256; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + 3);
  ASSERT_EQ(world.regions.store(kStackBase, bytes), FaultCause::kNone);
  auto sum = [&](std::uint64_t from, std::uint64_t to, std::uint64_t seed) {
    return world.call(28, {kStackBase, from, kStackBase, to, seed}).r0;
  };
  EXPECT_EQ(sum(0, 4, 5), 0x2219u);
  EXPECT_EQ(sum(4, 0, 5), 0xddf0u);
  EXPECT_EQ(sum(4, 4, 5), 5u);
  EXPECT_EQ(sum(0, 6, 0), 0x4833u);
  EXPECT_EQ(sum(0, 5, 0), 0x2233u);
  EXPECT_EQ(sum(0, 7, 1), 0x4861u);
  EXPECT_EQ(sum(3, 0, 0), 0xf5ebu);
  EXPECT_EQ(sum(8, 20, 0xffffffff), 0x6036u);
  EXPECT_EQ(sum(0, 0, 0x12345678), 0x68acu);
  EXPECT_EQ(sum(6, 4, 1), 0xd9e1u);
  EXPECT_EQ(sum(20, 20, 0), 0xffffu);
  EXPECT_EQ(world.call(28, {0, 4, 0, 0, 0}).fault, FaultCause::kOutOfBounds);
  EXPECT_EQ(world.call(28, {kStackBase, 0xffff'ffff, 0, 0, 0}).fault, FaultCause::kOutOfBounds);
}

using Interfaces = std::vector<std::uint32_t>;

TEST(Helpers, RedirectWithoutFlagsOnly) {
  World world;
  EXPECT_EQ(world.call(23, {3, 0}).r0, 4u);
  EXPECT_EQ(world.environment.redirected_to, Interfaces{3});
  EXPECT_EQ(world.call(23, {4, 1}).r0, 0u);
  EXPECT_EQ(world.environment.redirected_to, Interfaces{3});
}

TEST(Helpers, RedirectThroughADevmap) {
  World world;
  Map* ports = world.maps.find(3);
  auto put = [&](std::uint8_t index, std::uint8_t interface, std::uint64_t flags = 0) {
    std::uint8_t key[4] = {index}, value[4] = {interface};
    return ports->update(world.regions, key, value, flags);
  };
  EXPECT_EQ(put(1, 1), 0);
  EXPECT_EQ(put(2, 2), 0);
  EXPECT_EQ(put(2, 2, 1), -EEXIST);
  EXPECT_EQ(put(4, 1), -E2BIG);
  EXPECT_EQ(put(3, 3), 0);
  EXPECT_EQ(put(3, 0), 0) << "no interface: empty";
  auto call = [&](std::uint64_t index, std::uint64_t flags) { return world.call(51, {3, index, flags}).r0; };
  EXPECT_EQ(call(1, 0), 4u);
  EXPECT_EQ(world.environment.redirected_to, Interfaces{1});
  EXPECT_EQ(call(0x1'0000'0002, 3), 4u) << "the index has 32 bits";
  EXPECT_EQ(world.environment.redirected_to, Interfaces{2});
  EXPECT_EQ(call(0, 0), 0u);
  EXPECT_EQ(world.environment.redirected_to, Interfaces{});
  EXPECT_EQ(call(3, 2), 2u);
  EXPECT_EQ(call(7, 1), 1u);
  EXPECT_EQ(call(1, 4), 0u);
  EXPECT_EQ(call(1, 32), 0u);
  EXPECT_EQ(call(0, 8), 4u);
  EXPECT_EQ(world.environment.redirected_to, (Interfaces{1, 2}));
  EXPECT_EQ(call(0, 24), 4u) << "not back to where it came from";
  EXPECT_EQ(world.environment.redirected_to, Interfaces{1});
  EXPECT_EQ(world.call(51, {1, 0, 0}).fault, FaultCause::kBadHelper) << "an array is no devmap";
  EXPECT_EQ(ports->remove(world.regions, std::vector<std::uint8_t>{1, 0, 0, 0}), 0);
  EXPECT_EQ(ports->remove(world.regions, std::vector<std::uint8_t>{1, 0, 0, 0}), 0);
  EXPECT_EQ(ports->remove(world.regions, std::vector<std::uint8_t>{9, 0, 0, 0}), -EINVAL);
  EXPECT_EQ(ports->keys().size(), 1u);
}

TEST(Helpers, AreFoundByIdAndName) {
  EXPECT_EQ(find_helper(1)->name, "map_lookup_elem");
  EXPECT_EQ(find_helper(std::string_view("bpf_ktime_get_ns"))->id, 5u);
  EXPECT_EQ(find_helper(std::string_view("nothing")), nullptr);
  EXPECT_TRUE(helper_allowed(44, Convention::kXdp));
  EXPECT_FALSE(helper_allowed(44, Convention::kMem));
}

}  // namespace
}  // namespace faisca::bpf
