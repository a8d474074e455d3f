#include "gateway/route/table.h"

#include <gtest/gtest.h>

namespace faisca::gateway {
namespace {

std::shared_ptr<const cluster::FunctionState> state(std::vector<std::string> ids) {
  auto made = std::make_shared<cluster::FunctionState>();
  for (const std::string& id : ids) made->ready.push_back({id, "127.0.0.1", 1});
  return made;
}

FunctionMetrics* no_metrics(const std::string&) { return nullptr; }

TEST(Table, FindsFunctionsByName) {
  cluster::Snapshot snapshot;
  snapshot.version = 7;
  snapshot.functions["hello"] = state({"a"});
  const TablePtr table = build_table(snapshot, {}, no_metrics);
  EXPECT_EQ(table->version, 7u);
  ASSERT_NE(table->find("hello"), nullptr);
  EXPECT_EQ((*table->find("hello"))->instances.size(), 1u);
  EXPECT_EQ(table->find("hell"), nullptr);
  EXPECT_EQ(table->find(""), nullptr);
}

TEST(Table, KeepsTheCountsOfInstancesThatStay) {
  cluster::Snapshot first;
  first.functions["hello"] = state({"a", "b"});
  const TablePtr before = build_table(first, {}, no_metrics);
  const InstancePtr b = (*before->find("hello"))->instances[1];
  b->in_flight = 3;

  cluster::Snapshot second;
  second.functions["hello"] = state({"b", "c"});
  const TablePtr after = build_table(second, *before, no_metrics);
  const auto& instances = (*after->find("hello"))->instances;
  ASSERT_EQ(instances.size(), 2u);
  EXPECT_EQ(instances[0], b);
  EXPECT_EQ(instances[0]->in_flight, 3);
  EXPECT_EQ(instances[1]->in_flight, 0);
}

TEST(Table, KeepsEntriesThatDidNotChange) {
  cluster::Snapshot snapshot;
  snapshot.functions["hello"] = state({"a"});
  const TablePtr before = build_table(snapshot, {}, no_metrics);
  snapshot.functions["other"] = state({});
  const TablePtr after = build_table(snapshot, *before, no_metrics);
  EXPECT_EQ(*before->find("hello"), *after->find("hello"));
}

}  // namespace
}  // namespace faisca::gateway
