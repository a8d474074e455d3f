#include "gateway/route/table.h"

#include <gtest/gtest.h>

namespace faisca::gateway {
namespace {

using cluster::FunctionStatePtr;

FunctionStatePtr state(const std::string& name, std::vector<std::string> ids,
                       const std::string& name_space = api::kDefaultNamespace) {
  auto made = std::make_shared<cluster::FunctionState>();
  made->function.metadata = {name, name_space, {}, {}};
  for (const std::string& id : ids) made->ready.push_back({id, "127.0.0.1", 1});
  return made;
}

FunctionMetrics* no_metrics(const cluster::FunctionState&) { return nullptr; }

TEST(Table, FindsFunctionsByName) {
  cluster::Snapshot snapshot;
  snapshot.version = 7;
  put(snapshot, state("hello", {"a"}));
  const TablePtr table = build_table(snapshot, {}, no_metrics);
  EXPECT_EQ(table->version, 7u);
  ASSERT_NE(table->find("hello"), nullptr);
  EXPECT_EQ((*table->find("hello"))->instances.size(), 1u);
  EXPECT_EQ(table->find("hell"), nullptr);
  EXPECT_EQ(table->find(""), nullptr);
}

TEST(Table, TakesANamespaceBehindTheName) {
  cluster::Snapshot snapshot;
  snapshot.default_namespace = "prod";
  put(snapshot, state("hello", {}, "prod"));
  put(snapshot, state("hello", {}, "dev"));
  put(snapshot, state("other", {}, "dev"));
  put(snapshot, state("both", {}, "prod"));
  put(snapshot, state("both", {}, "openfaas-fn"));
  const TablePtr table = build_table(snapshot, {}, no_metrics);
  struct Case {
    const char* called;
    const char* name_space;  // of the function found; null: none
  };
  const Case cases[] = {
      {"hello", "prod"},
      {"hello.prod", "prod"},
      {"hello.dev", "dev"},
      {"hello.openfaas-fn", "prod"},  // an alias, where that namespace has none
      {"both.openfaas-fn", "openfaas-fn"},
      {"both", "prod"},
      {"other", nullptr},
      {"other.prod", nullptr},
      {"other.openfaas-fn", nullptr},
      {"other.dev.prod", nullptr},
      {"hello.dev.openfaas-fn", nullptr},
      {"helloprod", nullptr},
      {".prod", nullptr},
      {".openfaas-fn", nullptr},
      {"hello.", nullptr},
      {"", nullptr},
  };
  for (const Case& c : cases) {
    const EntryPtr* found = table->find(c.called);
    ASSERT_EQ(found != nullptr, c.name_space != nullptr) << c.called;
    if (found) EXPECT_EQ((*found)->state->name_space(), c.name_space) << c.called;
  }
}

TEST(Table, KeepsTheCountsOfInstancesThatStay) {
  cluster::Snapshot first;
  put(first, state("hello", {"a", "b"}));
  const TablePtr before = build_table(first, {}, no_metrics);
  const InstancePtr b = (*before->find("hello"))->instances[1];
  b->in_flight = 3;

  cluster::Snapshot second;
  put(second, state("hello", {"b", "c"}));
  const TablePtr after = build_table(second, *before, no_metrics);
  const auto& instances = (*after->find("hello"))->instances;
  ASSERT_EQ(instances.size(), 2u);
  EXPECT_EQ(instances[0], b);
  EXPECT_EQ(instances[0]->in_flight, 3);
  EXPECT_EQ(instances[1]->in_flight, 0);
}

TEST(Table, KeepsEntriesThatDidNotChange) {
  cluster::Snapshot snapshot;
  put(snapshot, state("hello", {"a"}));
  const TablePtr before = build_table(snapshot, {}, no_metrics);
  put(snapshot, state("other", {}));
  const TablePtr after = build_table(snapshot, *before, no_metrics);
  EXPECT_EQ(*before->find("hello"), *after->find("hello"));
}

}  // namespace
}  // namespace faisca::gateway
