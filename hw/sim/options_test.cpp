#include "hw/sim/options.h"

#include <gtest/gtest.h>

namespace faisca::sim {
namespace {

Result<std::optional<Options>> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "faisca sim");
  return parse_options(static_cast<int>(words.size()), words.data());
}

TEST(SimOptions, TakesEverything) {
  const auto options =
      parse({"--object", "x.o",     "--program", "p",        "--in",      "0=a.pcap", "--in",   "3=b=c.pcap",
             "--out",    "o",       "--map",     "m=m.json", "--packets", "7",        "--rate", "12.5",
             "--swap",   "a@b.o@9", "--oracle",  "model",    "--serial",  "--strict", "--json", "-"});
  ASSERT_TRUE(options && *options) << options.error().text();
  EXPECT_EQ((*options)->inputs[1].port, 3u);
  EXPECT_EQ((*options)->inputs[1].path, "b=c.pcap");
  EXPECT_EQ((*options)->maps.front(), (std::pair<std::string, std::string>("m", "m.json")));
  EXPECT_EQ((*options)->packets, 7u);
  EXPECT_EQ((*options)->mpps, 12.5);
  EXPECT_EQ((*options)->swap->path, "a@b.o");
  EXPECT_EQ((*options)->swap->packet, 9u);
  EXPECT_EQ((*options)->oracle, OracleKind::kModel);
}

struct Bad {
  std::vector<const char*> words;
  const char* error;
};

TEST(SimOptions, NamesWhatIsWrong) {
  for (const Bad& bad : std::vector<Bad>{
           {{}, "--object is required"},
           {{"--object", "x.o", "--in", "a.pcap"}, "--in a.pcap is not PORT=FILE.pcap"},
           {{"--object", "x.o", "--in", "4=a.pcap"}, "port of the device, 0 to 3"},
           {{"--object", "x.o", "--in", "-1=a.pcap"}, "--in -1=a.pcap"},
           {{"--object", "x.o", "--map", "m"}, "--map m is not NAME=FILE.json"},
           {{"--object", "x.o", "--rate", "fast"}, "--rate fast"},
           {{"--object", "x.o", "--rate", "0"}, "--rate 0"},
           {{"--object", "x.o", "--packets", "0"}, "--packets 0 is not 1 to"},
           {{"--object", "x.o", "--swap", "y.o"}, "--swap y.o is not FILE@PACKET"},
           {{"--object", "x.o", "--swap", "y.o@0"}, "--swap y.o@0"},
           {{"--object", "x.o", "--oracle", "me"}, "--oracle me is not kernel or model"},
           {{"--object", "x.o", "--nonsense"}, "--nonsense"},
       }) {
    const auto options = parse(bad.words);
    ASSERT_FALSE(options) << bad.error;
    EXPECT_NE(options.error().message.find(bad.error), std::string::npos) << options.error().message;
  }
}

}  // namespace
}  // namespace faisca::sim
