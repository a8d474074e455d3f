#include "api/types/fields/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/types/fields/writer.h"

namespace faisca::api::internal {
namespace {

using testing::HasSubstr;

struct Everything {
  bool flag = false;
  std::optional<int> count;
  std::map<std::string, std::string> sizes;
  std::string foreign;
  std::vector<int> ports;
};
constexpr auto kFields = [](auto& io, Everything& v) {
  io.boolean("flag", v.flag, "");
  io.optional_integer("count", v.count, "");
  io.quantities("sizes", v.sizes, "");
  io.foreign("foreign", v.foreign, "");
  io.integer_list("ports", v.ports, "");
};

std::string read(const std::string& text, Everything& value, UnknownFields unknown = UnknownFields::kRefuse) {
  const auto node = parse_document(text);
  if (!node) return node.error().text();
  ReadState state{.unknown = unknown};
  Reader reader(*node, "", state);
  kFields(reader, value);
  reader.finish();
  return state.error ? state.error->text() : "";
}

TEST(Reader, ReadsBooleansOptionalNumbersQuantitiesAndPorts) {
  Everything value;
  EXPECT_EQ(
      read("{flag: true, count: 0, sizes: {cpu: 0.5, memory: 64Mi, a: 1e3, b: 100m}, ports: [0, 3]}", value),
      "");
  EXPECT_TRUE(value.flag);
  EXPECT_EQ(value.count, 0);
  EXPECT_EQ(value.sizes, (std::map<std::string, std::string>{
                             {"cpu", "0.5"}, {"memory", "64Mi"}, {"a", "1e3"}, {"b", "100m"}}));
  EXPECT_EQ(value.ports, (std::vector<int>{0, 3}));
}

TEST(Reader, KeepsForeignObjectsAsJsonWithTheTypesThatYamlGivesThem) {
  Everything value;
  EXPECT_EQ(
      read("foreign: {a: [x y, 7, -0.5, true, 007, \"8\", ~], b: {c: 0x1f, d: 1., e: null, f: 1e5}}", value),
      "");
  EXPECT_EQ(value.foreign,
            R"({"a":["x y",7,-0.5,true,"007","8",null],"b":{"c":"0x1f","d":"1.","e":null,"f":1e5}})");
  Writer writer;
  kFields(writer, value);
  Everything again;
  EXPECT_EQ(read(print_json(writer.take()), again), "");
  EXPECT_EQ(again.foreign, value.foreign);
}

TEST(Reader, NamesWhatIsWrong) {
  const std::pair<const char*, const char*> kRows[] = {
      {"flag: yes", "flag: \"yes\" is not true or false"},
      {"flag: \"true\"", "flag: \"true\" is not true or false; hint: write true or false, without quotes"},
      {"count: \"3\"", "count: \"3\" is text where a whole number is needed"},
      {"count: 99999999999", "count: 99999999999 is out of range"},
      {"sizes: {cpu: lots}", "sizes.cpu: \"lots\" is not a quantity; hint: write it like 100m"},
      {"sizes: {cpu: 1.2.3}", "sizes.cpu: \"1.2.3\" is not a quantity"},
      {"sizes: {cpu: [1]}", "sizes.cpu: a list stands where a quantity is needed"},
      {"foreign: [1]", "foreign: a list stands where a map of fields is needed"},
      {"ports: [0, x]", "ports[1]: \"x\" is not a whole number"},
      {"port: [0]", "unknown field; hint: did you mean \"ports\"?"},
  };
  for (const auto& [text, error] : kRows) {
    Everything value;
    EXPECT_THAT(read(text, value), HasSubstr(error)) << text;
  }
}

TEST(Reader, IgnoresUnknownFieldsWhenToldTo) {
  Everything value;
  EXPECT_EQ(read("{newer: {field: 1}, count: 4}", value, UnknownFields::kIgnore), "");
  EXPECT_EQ(value.count, 4);
}

}  // namespace
}  // namespace faisca::api::internal
