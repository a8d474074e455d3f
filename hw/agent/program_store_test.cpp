#include "hw/agent/program_store.h"

#include <gtest/gtest.h>

#include "hw/agent/test_support.h"

namespace faisca::agent {
namespace {

class ProgramStoreTest : public testing::Test {
 protected:
  ProgramStore store_{2, bpf::DeviceLimits{}};
};

TEST_F(ProgramStoreTest, LinksAndVerifiesOnce) {
  const std::string four = object("four");
  const auto first = store_.add({.object = four, .entry = "", .convention = {}, .function = "f"});
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ((*first)->program.slots.size(), 2u);
  EXPECT_EQ((*first)->id.size(), 64u);
  const auto again = store_.add({.object = four, .entry = "", .convention = {}, .function = "f"});
  ASSERT_TRUE(again);
  EXPECT_EQ(*first, *again);
  EXPECT_EQ(store_.find((*first)->id).value(), *first);
  EXPECT_EQ(store_.size(), 1u);
}

TEST_F(ProgramStoreTest, IdDependsOnEveryPartOfTheSource) {
  const ProgramSource base{.object = "ab", .entry = "c", .convention = {}, .function = "d"};
  const std::string id = program_id(base);
  EXPECT_EQ(program_id(base), id);
  for (ProgramSource other :
       {ProgramSource{"a", "bc", {}, "d"}, ProgramSource{"ab", "", {}, "cd"},
        ProgramSource{"ab", "c", bpf::Convention::kMem, "d"}, ProgramSource{"ab", "c", {}, "e"},
        ProgramSource{"ab", "c", bpf::Convention::kXdp, "d"}})
    EXPECT_NE(program_id(other), id);
}

TEST_F(ProgramStoreTest, ForgetsTheProgramNotUsedForLongest) {
  const std::string four = object("four");
  const auto add = [&](std::string_view function) {
    return store_.add({.object = four, .entry = "", .convention = {}, .function = function}).value()->id;
  };
  const std::string a = add("a"), b = add("b");
  ASSERT_TRUE(store_.find(a));
  add("c");
  EXPECT_TRUE(store_.find(a));
  const auto gone = store_.find(b);
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, Code::kNotFound);
  EXPECT_FALSE(gone.error().hint.empty());
  EXPECT_EQ(store_.size(), 2u);
}

TEST_F(ProgramStoreTest, StoresNothingThatDoesNotLoad) {
  std::string cut = object("checksum");
  cut.resize(cut.size() / 2);
  for (const std::string& bad : {std::string(), std::string("not an ELF file"), cut}) {
    const auto program = store_.add({.object = bad, .entry = "", .convention = {}, .function = "f"});
    ASSERT_FALSE(program);
    EXPECT_EQ(program.error().code, Code::kInvalidArgument) << program.error().text();
  }
  EXPECT_EQ(store_.size(), 0u);
}

TEST_F(ProgramStoreTest, KnowsWhichProgramsLeaveMemoryAlone) {
  const auto may_store = [&](const std::string& name) {
    const auto program = store_.add({.object = object(name), .entry = "", .convention = {}, .function = ""});
    EXPECT_TRUE(program) << program.error().text();
    return program.value()->may_store;
  };
  EXPECT_FALSE(may_store("checksum"));
  EXPECT_TRUE(may_store("writer"));
  EXPECT_TRUE(may_store("counter"));
}

}  // namespace
}  // namespace faisca::agent
