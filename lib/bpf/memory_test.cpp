#include "lib/bpf/memory.h"

#include <gtest/gtest.h>

namespace faisca::bpf {
namespace {

FaultCause load(Regions& regions, std::uint64_t address, std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  return regions.load(address, bytes);
}

FaultCause store(Regions& regions, std::uint64_t address, std::size_t size) {
  std::vector<std::uint8_t> bytes(size, 0xab);
  return regions.store(address, bytes);
}

std::uint32_t context_word(Regions& regions, std::uint32_t offset) {
  std::uint8_t b[4];
  EXPECT_EQ(regions.load(kContextBase + offset, b), FaultCause::kNone);
  return b[0] | b[1] << 8 | b[2] << 16 | static_cast<std::uint32_t>(b[3]) << 24;
}

TEST(Regions, BoundsEveryRegionToItsBytes) {
  Regions regions({}, 16);
  std::vector<std::uint8_t> body(10, 1);
  regions.set_body(body);
  for (auto [base, size] : {std::pair{kMemoryBase, 10u},
                            {kStackBase, kStackBytes},
                            {kDataBase, 16u},
                            {kContextBase, kContextBytes}}) {
    EXPECT_EQ(load(regions, base, 8), FaultCause::kNone);
    EXPECT_EQ(load(regions, base + size - 1, 1), FaultCause::kNone);
    EXPECT_EQ(load(regions, base + size - 1, 2), FaultCause::kOutOfBounds);
    EXPECT_EQ(load(regions, base + size, 1), FaultCause::kOutOfBounds);
    EXPECT_EQ(load(regions, base - 1, 1), FaultCause::kOutOfBounds);
    EXPECT_EQ(load(regions, base + (std::uint64_t{1} << 32), 1), FaultCause::kOutOfBounds);
  }
  EXPECT_EQ(load(regions, 0, 1), FaultCause::kOutOfBounds);
  EXPECT_EQ(load(regions, UINT64_MAX, 8), FaultCause::kOutOfBounds);
}

TEST(Regions, ChangesNothingWhenAStoreFaults) {
  Regions regions({}, 8);
  EXPECT_EQ(store(regions, kDataBase + 4, 8), FaultCause::kOutOfBounds);
  EXPECT_EQ(regions.data()[4], 0);
  EXPECT_EQ(store(regions, kContextBase, 4), FaultCause::kReadOnly);
  EXPECT_EQ(store(regions, kContextBase + kContextBytes, 4), FaultCause::kOutOfBounds);
}

TEST(Regions, ShowsThePacketThroughTheContext) {
  Regions regions;
  std::vector<std::uint8_t> packet(60, 7);
  regions.set_packet(packet, {.ingress_ifindex = 3, .rx_queue_index = 1});
  EXPECT_EQ(context_word(regions, 0), kMemoryBase + kXdpHeadroom);
  EXPECT_EQ(context_word(regions, 4), kMemoryBase + kXdpHeadroom + 60);
  EXPECT_EQ(context_word(regions, 12), 3u);
  EXPECT_EQ(load(regions, kMemoryBase + kXdpHeadroom - 1, 1), FaultCause::kOutOfBounds)
      << "headroom is not the program's";
}

TEST(Regions, MovesTheHeadOfAPacketWithinItsHeadroom) {
  Regions regions;
  std::vector<std::uint8_t> packet(60, 7);
  regions.set_packet(packet);
  EXPECT_EQ(regions.adjust_head(-216), 0);
  EXPECT_EQ(regions.memory().size(), 276u);
  EXPECT_EQ(load(regions, kMemoryBase + kXdpFrameBytes, 1), FaultCause::kNone);
  EXPECT_EQ(regions.adjust_head(-1), -EINVAL) << "struct xdp_frame has its place there";
  EXPECT_EQ(regions.adjust_head(262), 0);
  EXPECT_EQ(regions.adjust_head(1), -EINVAL) << "14 bytes must remain";
  EXPECT_EQ(context_word(regions, 0), regions.memory_address());
  regions.set_body(packet);
  EXPECT_EQ(regions.adjust_head(1), -EINVAL);
  EXPECT_EQ(regions.adjust_tail(1), -EINVAL);
  EXPECT_EQ(regions.adjust_meta(-4), -EINVAL);
}

TEST(Regions, MovesTheTailAndZeroesWhatItGains) {
  Regions regions;
  regions.set_packet(std::vector<std::uint8_t>(60, 7));
  EXPECT_EQ(regions.adjust_tail(-47), -EINVAL) << "14 bytes must remain";
  EXPECT_EQ(regions.adjust_tail(-46), 0);
  EXPECT_EQ(regions.memory().size(), 14u);
  EXPECT_EQ(regions.adjust_tail(46), 0);
  EXPECT_EQ(regions.memory()[13], 7);
  EXPECT_EQ(regions.memory()[14], 0);
  EXPECT_EQ(regions.adjust_tail(1784 - 60), 0);
  EXPECT_EQ(regions.adjust_tail(1), -EINVAL);
  EXPECT_EQ(context_word(regions, 4), kMemoryBase + kXdpHeadroom + 1784);
}

TEST(Regions, KeepsMetadataInFrontOfThePacket) {
  Regions regions;
  regions.set_packet(std::vector<std::uint8_t>(60, 7));
  EXPECT_EQ(regions.adjust_meta(-3), -EACCES);
  EXPECT_EQ(regions.adjust_meta(-220), -EINVAL);
  EXPECT_EQ(regions.adjust_meta(4), -EINVAL);
  EXPECT_EQ(regions.adjust_meta(-8), 0);
  EXPECT_EQ(store(regions, kMemoryBase + kXdpHeadroom - 8, 8), FaultCause::kNone);
  EXPECT_EQ(context_word(regions, 8), kMemoryBase + kXdpHeadroom - 8);
  EXPECT_EQ(regions.adjust_head(-208), 0);
  EXPECT_EQ(regions.adjust_head(-1), -EINVAL);
  EXPECT_EQ(context_word(regions, 8), kMemoryBase + kXdpFrameBytes) << "metadata move with the head";
  EXPECT_EQ(regions.memory().size(), 268u) << "and are no part of the packet";
}

}  // namespace
}  // namespace faisca::bpf
