#include "api/types/offload_program/offload_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faisca::api {
namespace {

OffloadProgram program() {
  OffloadProgram p;
  p.metadata = {"count", "shop", {{"faisca.dev/function", "count"}}, {}};
  p.spec = {"count",
            Convention::kXdp,
            std::string("\x7f"
                        "ELF\0",
                        5),
            "count_packets",
            "node1-0",
            {0, 1},
            std::chrono::seconds(90),
            77};
  p.status.conditions = {{"Ready", ConditionStatus::kTrue, "Attached", "", 2, "2026-01-02T03:04:05Z"}};
  p.status.observed_generation = 2;
  p.status.device = "node1-0";
  p.status.program_id = "abc";
  p.status.loaded = true;
  p.status.ports = {0, 1};
  p.status.counters = {1, 2, 3, 4, 5, 6, 7};
  return p;
}

TEST(OffloadProgram, ReadsBackWhatItPrints) {
  const auto read = parse_offload_program(print_offload_program_json(program()));
  ASSERT_TRUE(read) << read.error().text();
  EXPECT_EQ(*read, program());
}

TEST(OffloadProgram, AppliesItsSpecWithoutTheStatus) {
  const std::string text = print_offload_program_spec_json(program());
  EXPECT_THAT(text, testing::Not(testing::HasSubstr("status")));
  EXPECT_EQ(parse_offload_program(text)->spec, program().spec);
}

}  // namespace
}  // namespace faisca::api
