#include "gateway/proxy/body_source.h"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cstring>
#include <string>

namespace faisca::gateway {
namespace {

using http::BodyKind;
using http::Piece;

class BodySourceTest : public ::testing::Test {
 protected:
  BodySourceTest() {
    int fds[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds) != 0) std::abort();
    stream_.emplace(reactor_, UniqueFd(fds[0]));
    peer_.reset(fds[1]);
  }
  void arrive(std::string_view bytes) {
    const std::span<char> room = stream_->input().prepare();
    ASSERT_GE(room.size(), bytes.size());
    std::memcpy(room.data(), bytes.data(), bytes.size());
    stream_->input().commit(bytes.size());
  }

  io::Reactor reactor_;
  std::optional<io::Stream> stream_;
  UniqueFd peer_;
};

TEST_F(BodySourceTest, GivesTheSamePieceUntilItIsAdvancedOver) {
  BodySource body(*stream_, {BodyKind::kLength, 5, {}});
  arrive("helloGET");
  EXPECT_EQ(body.buffered().data, "hello");
  EXPECT_EQ(body.buffered().data, "hello");
  EXPECT_FALSE(body.done());
  body.advance();
  EXPECT_TRUE(body.done());
  EXPECT_EQ(stream_->input().bytes(), "GET");
}

TEST_F(BodySourceTest, SeesTheEndOfAChunkedBodyWithItsLastPiece) {
  BodySource body(*stream_, {BodyKind::kChunked, 0, {}});
  arrive("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nGET");
  BodySource::Part part = body.buffered();
  EXPECT_EQ(part.data, "abc");
  EXPECT_FALSE(part.last);
  body.advance();
  part = body.buffered();
  EXPECT_EQ(part.data, "de");
  EXPECT_TRUE(part.last);
  body.advance();
  EXPECT_TRUE(body.done());
  EXPECT_EQ(stream_->input().bytes(), "GET");
}

TEST_F(BodySourceTest, AsksForMoreWhenABodyIsCut) {
  BodySource body(*stream_, {BodyKind::kChunked, 0, {}});
  arrive("3\r\nab");
  EXPECT_EQ(body.buffered().data, "ab");
  body.advance();
  EXPECT_EQ(body.buffered().state, Piece::kMore);
  arrive("c\r\n0\r\n");
  EXPECT_EQ(body.buffered().data, "c");
  EXPECT_FALSE(body.buffered().last);
  body.advance();
  EXPECT_EQ(body.buffered().state, Piece::kMore);
  arrive("\r\n");
  EXPECT_EQ(body.buffered().state, Piece::kDone);
  EXPECT_TRUE(body.done());
}

TEST_F(BodySourceTest, GivesOutWhatComesBeforeAFault) {
  BodySource body(*stream_, {BodyKind::kChunked, 0, {}});
  arrive("3\r\nabc\r\nzz\r\n");
  EXPECT_EQ(body.buffered().data, "abc");
  body.advance();
  EXPECT_EQ(body.buffered().state, Piece::kBad);
  EXPECT_EQ(body.buffered().state, Piece::kBad);
  EXPECT_FALSE(body.discard_buffered());
}

TEST_F(BodySourceTest, DiscardsAWholeBodyOnly) {
  BodySource body(*stream_, {BodyKind::kLength, 5, {}});
  arrive("hel");
  EXPECT_FALSE(body.discard_buffered());
  arrive("lo!");
  EXPECT_TRUE(body.discard_buffered());
  EXPECT_EQ(stream_->input().bytes(), "!");
}

TEST_F(BodySourceTest, HasNothingToGiveWithoutABody) {
  BodySource body(*stream_, {});
  arrive("GET");
  EXPECT_EQ(body.buffered().state, Piece::kDone);
  EXPECT_TRUE(body.done());
  EXPECT_EQ(stream_->input().bytes(), "GET");
}

}  // namespace
}  // namespace faisca::gateway
