#include "hw/sim/map_file.h"

#include <gtest/gtest.h>

namespace faisca::sim {
namespace {

constexpr MapShape kShape{2, 1};

TEST(MapFile, ReadsHexadecimalText) {
  auto entries =
      parse_map_entries(R"([{"key": "0a00", "value": "ff"}, {"key": "0x0B01", "value": "00"}])", kShape);
  ASSERT_TRUE(entries) << entries.error().text();
  EXPECT_EQ(*entries, (std::vector<MapEntry>{{{0x0a, 0}, {{0xff}}}, {{0x0b, 1}, {{0}}}}));
}

TEST(MapFile, ReadsBpftoolsDump) {
  auto entries = parse_map_entries(
      R"([{"key":["0x0a","0x00"],"value":["0x2a"],"formatted":{"key":10,"value":42}}])", kShape);
  ASSERT_TRUE(entries) << entries.error().text();
  EXPECT_EQ(*entries, (std::vector<MapEntry>{{{0x0a, 0}, {{0x2a}}}}));
}

TEST(MapFile, ReadsBpftoolsDumpOfAPerCpuMap) {
  auto entries = parse_map_entries(
      R"([{"key":["0x0a","0x00"],"values":[{"cpu":0,"value":["0x01"]},{"cpu":1,"value":["0x02"]}]}])",
      kShape);
  ASSERT_TRUE(entries) << entries.error().text();
  EXPECT_EQ(*entries, (std::vector<MapEntry>{{{0x0a, 0}, {{1}, {2}}}}));
}

TEST(MapFile, ReadsWhatItPrinted) {
  const std::vector<MapEntry> entries{{{1, 2}, {{3}}}, {{4, 5}, {{6}, {7}}}};
  const std::string text = print_map_entries(entries);
  EXPECT_EQ(text,
            "[\n  {\"key\": \"0102\", \"value\": \"03\"},\n"
            "  {\"key\": \"0405\", \"values\": [\"06\", \"07\"]}\n]\n");
  auto read = parse_map_entries(text, kShape);
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, entries);
  EXPECT_EQ(print_map_entries({}), "[]\n");
}

struct Bad {
  const char* text;
  const char* error;
};

TEST(MapFile, NamesWhatIsWrong) {
  for (const Bad& bad : std::vector<Bad>{
           {"{", "not JSON"},
           {"{}", "not a JSON list"},
           {R"([{"value": "00"}])", "entry 0 has no \"key\""},
           {R"([3])", "entry 0 has no \"key\""},
           {R"([{"key": "0a00"}])", "neither \"value\" nor"},
           {R"([{"key": "0a", "value": "00"}])", "entry 0: its key has 1 bytes; the map's has 2"},
           {R"([{"key": "0a0", "value": "00"}])", "odd number"},
           {R"([{"key": "0axx", "value": "00"}])", "has 'xx'"},
           {R"([{"key": "0a+1", "value": "00"}])", "has '+1'"},
           {R"([{"key": 10, "value": "00"}])", "entry 0: its key is 10"},
           {R"([{"key": ["0x0a", 0], "value": "00"}])", "has 0 where a byte"},
           {R"([{"key": ["0x0a", "0x100"], "value": "00"}])", "has '100'"},
           {R"([{"key": "0a00", "value": "0000"}])", "its value has 2 bytes"},
           {R"([{"key": "0a00", "values": [{"cpu": 0}]}])", "value 0 has no \"value\""},
           {R"([{"key": "0a00", "value": "00"}, {"key": "0a00", "values": []}])", "entry 1"},
       }) {
    auto entries = parse_map_entries(bad.text, kShape);
    ASSERT_FALSE(entries) << bad.text;
    EXPECT_NE(entries.error().text().find(bad.error), std::string::npos) << entries.error().text();
  }
}

}  // namespace
}  // namespace faisca::sim
