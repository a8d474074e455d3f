#include "hw/sim/pcap_file.h"

#include <gtest/gtest.h>

#include <fstream>

namespace faisca::sim {
namespace {

class PcapFile : public testing::Test {
 protected:
  std::filesystem::path path(const std::string& name) const {
    return std::filesystem::path(testing::TempDir()) /
           (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + name);
  }
  std::filesystem::path with(const std::string& content) const {
    std::ofstream(path("raw"), std::ios::binary) << content;
    return path("raw");
  }
};

Packet packet(std::uint32_t port, std::uint64_t time_ns, std::size_t size, std::uint8_t fill) {
  return {port, time_ns, std::vector<std::uint8_t>(size, fill)};
}

TEST_F(PcapFile, ReadsWhatItWroteToTheNanosecond) {
  const std::vector<Packet> packets{packet(2, 0, 60, 1), packet(2, 1'000'000'067, 1514, 2),
                                    packet(2, 1'000'000'135, 14, 3)};
  auto writer = PcapWriter::create(path(".pcap"));
  ASSERT_TRUE(writer);
  for (const Packet& one : packets) writer->write(one);
  ASSERT_TRUE(writer->close());
  auto read = read_pcap(path(".pcap"), 2);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, packets);
}

TEST_F(PcapFile, WritesAnEmptyCapture) {
  auto writer = PcapWriter::create(path(".pcap"));
  ASSERT_TRUE(writer && writer->close());
  auto read = read_pcap(path(".pcap"), 0);
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->empty());
}

TEST_F(PcapFile, SaysWhenThereIsNoFile) {
  auto read = read_pcap(path("missing"), 0);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::kNotFound);
}

TEST_F(PcapFile, RefusesWhatIsNotACapture) {
  auto read = read_pcap(with("GET / HTTP/1.1\r\n\r\n and more to fill a head"), 0);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("is not a packet capture"), std::string::npos) << read.error().message;
}

TEST_F(PcapFile, NamesThePacketWhereTheFileEnds) {
  auto writer = PcapWriter::create(path(".pcap"));
  writer->write(packet(0, 0, 60, 1));
  writer->write(packet(0, 0, 60, 2));
  ASSERT_TRUE(writer->close());
  std::filesystem::resize_file(path(".pcap"), std::filesystem::file_size(path(".pcap")) - 1);
  auto read = read_pcap(path(".pcap"), 0);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("after packet 1"), std::string::npos) << read.error().message;
}

TEST_F(PcapFile, RefusesPacketsThatTheDeviceCannotTake) {
  for (const std::size_t size : {13, 1515}) {
    auto writer = PcapWriter::create(path(".pcap"));
    writer->write(packet(0, 0, 60, 1));
    writer->write(packet(0, 0, size, 2));
    ASSERT_TRUE(writer->close());
    auto read = read_pcap(path(".pcap"), 0);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().message.find("packet 2 has " + std::to_string(size)), std::string::npos);
  }
}

TEST_F(PcapFile, RefusesAnotherLinkType) {
  // Classic head, little endian, link type 113 (Linux cooked).
  const char head[] = "\xd4\xc3\xb2\xa1\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0\x71\0\0\0";
  auto read = read_pcap(with(std::string(head, 24)), 0);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("LINUX_SLL"), std::string::npos) << read.error().message;
}

TEST_F(PcapFile, SaysWhenItCannotWrite) {
  auto writer = PcapWriter::create("/proc/nowhere/out.pcap");
  ASSERT_FALSE(writer);
  EXPECT_NE(writer.error().message.find("/proc/nowhere/out.pcap"), std::string::npos);
}

TEST_F(PcapFile, TellsOfAFullDisk) {
  auto writer = PcapWriter::create("/dev/full");
  ASSERT_TRUE(writer);
  writer->write(packet(0, 0, 1514, 1));
  EXPECT_FALSE(writer->close());
}

}  // namespace
}  // namespace faisca::sim
