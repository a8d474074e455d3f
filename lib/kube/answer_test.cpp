#include "lib/kube/answer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/kube/lines.h"

namespace faisca::kube {
namespace {

TEST(Answer, LeavesManagedFieldsOutAndNothingElse) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"metadata": {"name": "x", "managedFields": [{"a": 1}]}, "spec": 1})",
       R"({"metadata": {"name": "x"}, "spec": 1})"},
      {R"({"metadata": {}, "items": [{"metadata": {"managedFields": [1], "name": "x"}}, {"metadata": {"managedFields": []}}]})",
       R"({"metadata": {}, "items": [{"metadata": {"name": "x"}}, {"metadata": {}}]})"},
      {R"({"type": "ADDED", "object": {"metadata": {"managedFields": [1]}}})",
       R"({"type": "ADDED", "object": {"metadata": {}}})"},
      {R"({"data": {"managedFields": "mine"}})", R"({"data": {"managedFields": "mine"}})"},
      {R"({"metadata": {"name": "x"}, "data": {"managedFields": "mine"}})",
       R"({"metadata": {"name": "x"}, "data": {"managedFields": "mine"}})"},
      {R"({"spec": {"a": {"b": {"metadata": {"managedFields": 1}}}}})",
       R"({"spec": {"a": {"b": {"metadata": {"managedFields": 1}}}}})"},
  };
  for (const auto& [body, left] : cases) {
    const auto parsed = parse_answer(body);
    ASSERT_TRUE(parsed) << body;
    EXPECT_EQ(*parsed, Json::parse(left)) << body;
  }
}

TEST(Answer, SaysWhatItGotInsteadOfJson) {
  const auto parsed = parse_answer("<html>");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, Code::kUnknown);
  EXPECT_NE(parsed.error().message.find("<html>"), std::string::npos);
}

class LinesTest : public ::testing::Test {
 protected:
  bool feed(std::string_view bytes) { return *splitter_.feed(bytes, sink_); }

  LineSplitter splitter_;
  std::vector<std::string> lines_;
  bool wants_more_ = true;
  std::function<bool(std::string_view)> sink_ = [this](std::string_view line) {
    lines_.emplace_back(line);
    return wants_more_;
  };
};

TEST_F(LinesTest, AreTheSameHoweverTheBytesCome) {
  const std::string text = "one\n\ntwo words\nthree";
  const std::vector<std::string> expected = {"one", "", "two words", "three"};
  for (size_t size = 1; size <= text.size(); ++size) {
    lines_.clear();
    for (size_t i = 0; i < text.size(); i += size) EXPECT_TRUE(feed(std::string_view(text).substr(i, size)));
    splitter_.finish(sink_);
    EXPECT_EQ(lines_, expected) << size;
  }
}

TEST_F(LinesTest, StopWhenTheSinkHasEnough) {
  wants_more_ = false;
  EXPECT_FALSE(feed("a\nb\n"));
  EXPECT_EQ(lines_, std::vector<std::string>{"a"});
}

TEST_F(LinesTest, AreRefusedWhenTheyNeverEnd) {
  const std::string piece(1u << 20, 'x');
  for (int i = 0; i < 16; ++i) ASSERT_TRUE(feed(piece));
  EXPECT_EQ(splitter_.feed("x", sink_).error().code, Code::kOutOfRange);
}

}  // namespace
}  // namespace faisca::kube
