#include "cli/print.h"

#include <gtest/gtest.h>

namespace faisca::cli {
namespace {

TEST(Table, AlignsColumnsByCharactersNotBytes) {
  EXPECT_EQ(table({{"NAME", "N"}, {"fé", "1"}, {"longer", "2"}}), "NAME    N\nfé      1\nlonger  2\n");
}

TEST(Table, NeverSendsControlCharactersToTheTerminal) {
  EXPECT_EQ(table({{"a\x1b[2Jb"}}), "a?[2Jb\n");
  EXPECT_EQ(printable("tab\tstays\nline"), "tab\tstays?line");
}

TEST(JsonAsYaml, WritesNestedValuesAsBlocks) {
  EXPECT_EQ(json_as_yaml(R"({"name":"a","list":[{"x":1,"y":[true,null]},"b"],"empty":{},"none":[]})"),
            "name: a\n"
            "list:\n"
            "- x: 1\n"
            "  \"y\":\n"
            "  - true\n"
            "  - null\n"
            "- b\n"
            "empty: {}\n"
            "none: []\n");
}

TEST(JsonAsYaml, QuotesTextThatYamlWouldReadAsSomethingElse) {
  EXPECT_EQ(json_as_yaml(R"(["yes","1","null","a: b","","plain"])"),
            "- \"yes\"\n- \"1\"\n- \"null\"\n- \"a: b\"\n- \"\"\n- plain\n");
}

TEST(JsonAsYaml, LeavesWhatIsNotJsonAsItIs) { EXPECT_EQ(json_as_yaml("not json"), "not json"); }

TEST(PrettyJson, IndentsByTwo) { EXPECT_EQ(pretty_json("{\"a\":[1]}"), "{\n  \"a\": [\n    1\n  ]\n}\n"); }

TEST(Age, GrowsCoarserWithTime) {
  constexpr char kThen[] = "2026-01-02T03:04:05Z";
  constexpr long long kAt = 1767323045;
  EXPECT_EQ(age(kThen, kAt), "0s");
  EXPECT_EQ(age(kThen, kAt + 119), "119s");
  EXPECT_EQ(age(kThen, kAt + 120), "2m");
  EXPECT_EQ(age(kThen, kAt + 3 * 3600), "3h");
  EXPECT_EQ(age(kThen, kAt + 49 * 3600), "2d");
  EXPECT_EQ(age(kThen, kAt - 5), "0s") << "clocks differ";
  EXPECT_EQ(age("soon", kAt), "-");
}

}  // namespace
}  // namespace faisca::cli
