#include "lib/io/buffer.h"

#include <gtest/gtest.h>

#include <string>

namespace faisca::io {
namespace {

void put(Buffer& buffer, std::string_view text) {
  while (!text.empty()) {
    const std::span<char> room = buffer.prepare();
    ASSERT_FALSE(room.empty());
    const size_t size = std::min(room.size(), text.size());
    std::memcpy(room.data(), text.data(), size);
    buffer.commit(size);
    text.remove_prefix(size);
  }
}

TEST(Buffer, KeepsBytesInOrderWhileItSlidesAndGrows) {
  Buffer buffer;
  std::string expected;
  for (int round = 0; round < 200; ++round) {
    const std::string text(997, static_cast<char>('a' + round % 26));
    put(buffer, text);
    expected += text;
    const size_t used = std::min<size_t>(buffer.size(), 900);
    ASSERT_EQ(buffer.bytes().substr(0, used), expected.substr(0, used));
    buffer.consume(used);
    expected.erase(0, used);
  }
  EXPECT_EQ(buffer.bytes(), expected);
}

TEST(Buffer, IsFullAtItsLargestSize) {
  Buffer buffer;
  put(buffer, std::string(Buffer::kLargest, 'x'));
  EXPECT_TRUE(buffer.full());
  EXPECT_TRUE(buffer.prepare().empty());
  buffer.consume(1);
  EXPECT_FALSE(buffer.full());
  EXPECT_EQ(buffer.prepare().size(), 1u);
}

TEST(Buffer, ReleasesOnlyWhenEmpty) {
  Buffer buffer;
  put(buffer, "ab");
  buffer.release();
  EXPECT_EQ(buffer.bytes(), "ab");
  buffer.consume(2);
  buffer.release();
  EXPECT_TRUE(buffer.empty());
  put(buffer, "c");
  EXPECT_EQ(buffer.bytes(), "c");
}

}  // namespace
}  // namespace faisca::io
