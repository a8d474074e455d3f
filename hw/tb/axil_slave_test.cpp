// The AXI4-Lite slave between a random master and a register model: every access is made once and in order,
// every answer reaches the master, whatever the idle cycles and the back-pressure.
#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "Vaxil_slave.h"
#include "hw/tb/bench.h"

namespace faisca::tb {
namespace {

constexpr std::uint32_t kBadAddress = 0x100;  // the register model refuses from here on
constexpr std::uint8_t kOkay = 0;
constexpr std::uint8_t kSlaveError = 2;

struct Answer {
  std::uint32_t data;
  std::uint8_t response;
};

// The register side: answers an access in the next cycle, and tells the scoreboard what it did.
class RegisterModel {
 public:
  // `write` and `read` are what the slave asks in this cycle; returns what belongs on rdata_i, error_i next.
  Answer access(const Vaxil_slave& top, std::deque<Answer>& writes, std::deque<Answer>& reads) {
    Answer answer{0xdead'beef, kOkay};
    if (!top.write_o && !top.read_o) return answer;
    EXPECT_FALSE(top.write_o && top.read_o);
    const bool bad = top.address_o >= kBadAddress;
    answer.response = bad ? kSlaveError : kOkay;
    if (top.write_o) {
      for (int b = 0; b < 4 && !bad; ++b) {
        if ((top.strobe_o >> b & 1) == 0) continue;
        const std::uint32_t mask = 0xffu << (8 * b);
        words_[top.address_o] = (words_[top.address_o] & ~mask) | (top.wdata_o & mask);
      }
      writes.push_back(answer);
    } else {
      answer.data = bad ? 0 : words_[top.address_o];
      reads.push_back(answer);
    }
    return answer;
  }

 private:
  std::map<std::uint32_t, std::uint32_t> words_;
};

// Drives one address channel: raises valid at random and holds it until ready.
struct Channel {
  bool valid = false;
  std::uint32_t address = 0;
  std::uint32_t data = 0;
  std::uint8_t strobe = 0;
};

struct Pattern {
  const char* name;
  unsigned idle;   // a new access starts one cycle in `idle`
  unsigned ready;  // the master takes answers one cycle in `ready`
};

void raise(Channel& channel, Random& random, unsigned idle) {
  if (channel.valid || !random.one_in(idle)) return;
  channel = {true, static_cast<std::uint32_t>(random.below(66) * 4),
             static_cast<std::uint32_t>(random.number()), static_cast<std::uint8_t>(random.below(16))};
}

class AxilSlave : public testing::TestWithParam<Pattern> {};

TEST_P(AxilSlave, AnswersEveryAccessOnceAndInOrder) {
  Random random;
  SCOPED_TRACE(random.replay());
  Bench<Vaxil_slave> bench;
  auto& top = bench.top;
  RegisterModel model;
  Channel write, read;
  std::deque<Answer> writes, reads;  // made, not answered on the bus yet
  std::deque<Channel> sent;          // taken on the bus, not made yet
  std::size_t made = 0, answered = 0;
  Answer next{0, kOkay};
  for (int cycle = 0; cycle < 30'000; ++cycle) {
    raise(write, random, GetParam().idle);
    raise(read, random, GetParam().idle);
    top.s_axil_awvalid = top.s_axil_wvalid = write.valid;
    top.s_axil_awaddr = static_cast<std::uint16_t>(write.address);
    top.s_axil_wdata = write.data;
    top.s_axil_wstrb = write.strobe;
    top.s_axil_arvalid = read.valid;
    top.s_axil_araddr = static_cast<std::uint16_t>(read.address);
    top.s_axil_bready = random.one_in(GetParam().ready);
    top.s_axil_rready = random.one_in(GetParam().ready);
    top.rdata_i = next.data;
    top.error_i = next.response != kOkay;
    bench.settle();

    ASSERT_EQ(top.s_axil_awready, top.s_axil_wready);
    next = model.access(top, writes, reads);
    if (top.write_o || top.read_o) {
      ++made;
      ASSERT_FALSE(sent.empty()) << "an access that nobody asked for";
      EXPECT_EQ(top.address_o, sent.front().address);
      if (top.write_o) {
        EXPECT_EQ(top.wdata_o, sent.front().data);
        EXPECT_EQ(top.strobe_o, sent.front().strobe);
      }
      sent.pop_front();
    }
    if (write.valid && top.s_axil_awready) {
      sent.push_back(write);
      write.valid = false;
    }
    if (read.valid && top.s_axil_arready) {
      sent.push_back(read);
      read.valid = false;
    }
    if (top.s_axil_bvalid && top.s_axil_bready) {
      ASSERT_FALSE(writes.empty());
      EXPECT_EQ(top.s_axil_bresp, writes.front().response);
      writes.pop_front();
      ++answered;
    }
    if (top.s_axil_rvalid && top.s_axil_rready) {
      ASSERT_FALSE(reads.empty());
      EXPECT_EQ(top.s_axil_rresp, reads.front().response);
      EXPECT_EQ(top.s_axil_rdata, reads.front().data);
      reads.pop_front();
      ++answered;
    }
    bench.clock();
  }
  EXPECT_LE(made - answered, 10u) << "answers were lost";
  EXPECT_GT(answered, 30'000u / (GetParam().idle + GetParam().ready + 1) / 2);
}

INSTANTIATE_TEST_SUITE_P(Patterns, AxilSlave,
                         testing::Values(Pattern{"back_to_back", 1, 1}, Pattern{"idle_master", 5, 1},
                                         Pattern{"slow_answers", 1, 5}, Pattern{"both", 3, 3}),
                         [](const auto& info) { return info.param.name; });

TEST(AxilSlaveSpeed, TakesOneAccessACycle) {
  Bench<Vaxil_slave> bench;
  auto& top = bench.top;
  top.s_axil_arvalid = 1;
  top.s_axil_rready = 1;
  int answers = 0;
  for (int cycle = 0; cycle < 1'000; ++cycle) {
    bench.settle();
    answers += top.s_axil_rvalid;
    bench.clock();
  }
  EXPECT_EQ(answers, 997);
}

}  // namespace
}  // namespace faisca::tb
