#include "lib/bpf/helpers.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace faisca::bpf {
namespace {

struct FakeEnvironment : Environment {
  std::uint64_t monotonic_ns() override { return 123; }
  std::uint32_t random_u32() override { return 0xdeadbeef; }
  void redirect(std::uint32_t ifindex) override { redirected_to = ifindex; }
  std::uint32_t redirected_to = 0;
};

struct World {
  Regions regions{{}, 64};
  MapSet maps = *MapSet::create(std::vector<MapDescriptor>{{.id = 1,
                                                            .name = "m",
                                                            .type = MapType::kArray,
                                                            .key_size = 4,
                                                            .value_size = 8,
                                                            .max_entries = 4,
                                                            .values_address = kDataBase}});
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

TEST(Helpers, SumDifferencesInOnesComplement) {
  World world;
  std::uint8_t words[8] = {1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff};
  ASSERT_EQ(world.regions.store(kStackBase, words), FaultCause::kNone);
  EXPECT_EQ(world.call(28, {0, 0, kStackBase, 4, 5}).r0, 6u);
  EXPECT_EQ(world.call(28, {kStackBase, 4, 0, 0, 5}).r0, 4u);  // 5 + ~1, with the carry added back
  EXPECT_EQ(world.call(28, {0, 0, kStackBase, 8, 0}).r0, 1u);
  EXPECT_EQ(static_cast<std::int64_t>(world.call(28, {0, 0, kStackBase, 6, 0}).r0), -EINVAL);
  EXPECT_EQ(static_cast<std::int64_t>(world.call(28, {0, 512, kStackBase, 4, 0}).r0), -EINVAL);
  EXPECT_EQ(world.call(28, {0, 4, 0, 0, 0}).fault, FaultCause::kOutOfBounds);
}

TEST(Helpers, RedirectWithoutFlagsOnly) {
  World world;
  EXPECT_EQ(world.call(23, {3, 0}).r0, 4u);
  EXPECT_EQ(world.environment.redirected_to, 3u);
  EXPECT_EQ(world.call(23, {4, 1}).r0, 0u);
  EXPECT_EQ(world.environment.redirected_to, 3u);
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
