#include "hw/agent/stats.h"

#include <gtest/gtest.h>

namespace faisca::agent {
namespace {

StoredProgram program(const std::string& name) {
  StoredProgram made;
  made.id = "id-" + name;
  made.function = name;
  return made;
}

TEST(Stats, CountsPerProgram) {
  Stats stats(4);
  const Outcome outcome{.r0 = 0, .memory = {}, .instructions = 10, .cycles = 30};
  stats.record(program("a"), outcome);
  stats.record(program("b"), outcome);
  stats.record(program("a"), outcome);
  stats.record(program("a"), fail(Code::kInternal, "fault"));
  const auto rows = stats.all();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].function, "a");
  EXPECT_EQ(rows[0].program_id, "id-a");
  EXPECT_EQ(rows[0].invocations, 3u);
  EXPECT_EQ(rows[0].failures, 1u);
  EXPECT_EQ(rows[0].instructions, 20u);
  EXPECT_EQ(rows[0].cycles, 60u);
  EXPECT_EQ(rows[1].function, "b");
}

TEST(Stats, KeepsABoundedNumberOfRows) {
  Stats stats(2);
  for (const char* name : {"a", "b", "a", "c"}) stats.record(program(name), Outcome{});
  const auto rows = stats.all();
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].function, "c");
  EXPECT_EQ(rows[1].function, "a");
}

}  // namespace
}  // namespace faisca::agent
