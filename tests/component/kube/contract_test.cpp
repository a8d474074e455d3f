// What tests may rely on in FakeClient: each story runs on it and on the real API server.
#include <nlohmann/json.hpp>

#include "lib/kube/api_error.h"
#include "lib/kube/object.h"
#include "lib/kube/testing/fake_client.h"
#include "tests/component/kube/kube_world.h"

namespace faisca::kube {
namespace {

enum class Server { kFake, kReal };

class Contract : public KubeWorld, public ::testing::WithParamInterface<Server> {
 protected:
  Client& server() { return GetParam() == Server::kFake ? static_cast<Client&>(fake_) : client(); }
  Json ask(const Request& request) { return must(server().send(request)); }
  Error refusal(const Request& request) {
    auto answer = server().send(request);
    EXPECT_FALSE(answer) << request.text();
    return answer ? Error{} : answer.error();
  }
  Json function(const std::string& image) {
    Json out = make_object(kFunctions, {space(), "f"});
    out["spec"]["image"] = image;
    return out;
  }
  ObjectKey key(const std::string& name) const { return {space(), name}; }

  testing::FakeClient fake_;
};

TEST_P(Contract, AnObjectIsCreatedOnceAndUpdatedInItsLatestVersionOnly) {
  const Json first = ask(create(kConfigMaps, config_map("x", "1")));
  EXPECT_FALSE(uid_of(first).empty());
  EXPECT_TRUE(is_already_there(refusal(create(kConfigMaps, config_map("x", "1")))));
  Json second = first;
  second["data"]["v"] = "2";
  EXPECT_NE(resource_version_of(ask(update(kConfigMaps, second))), resource_version_of(first));
  EXPECT_TRUE(is_conflict(refusal(update(kConfigMaps, second))));
  EXPECT_TRUE(is_not_found(refusal(get(kConfigMaps, key("y")))));
  EXPECT_TRUE(is_not_found(refusal(remove(kConfigMaps, key("y")))));
}

TEST_P(Contract, ApplyTakesBackWhatItsManagerNoLongerWants) {
  Json wanted = config_map("x", "1");
  wanted["data"]["w"] = "2";
  ask(apply(kConfigMaps, wanted, "one"));
  Json others = make_object(kConfigMaps, key("x"));
  others["data"]["o"] = "3";
  ask(apply(kConfigMaps, others, "two"));
  const Json after = ask(apply(kConfigMaps, config_map("x", "1"), "one"));
  EXPECT_EQ(after["data"], Json({{"v", "1"}, {"o", "3"}}));
  const Json again = ask(apply(kConfigMaps, config_map("x", "1"), "one"));
  EXPECT_EQ(resource_version_of(again), resource_version_of(after));
}

TEST_P(Contract, SpecAndStatusAreWrittenApart) {
  Json made = ask(apply(kFunctions, function("a:1"), "user"));
  EXPECT_EQ(generation_of(made), 1);
  Json status = make_object(kFunctions, key("f"));
  status["status"]["replicas"] = 2;
  made = ask(apply(kFunctions, status, "operator", "status"));
  EXPECT_EQ(made["status"]["replicas"], 2);
  EXPECT_EQ(generation_of(made), 1);
  made = ask(apply(kFunctions, function("a:2"), "user"));
  EXPECT_EQ(generation_of(made), 2);
  EXPECT_EQ(made["status"]["replicas"], 2);
}

TEST_P(Contract, AFinalizerKeepsAnObjectUntilItIsTakenOff) {
  const Json made = ask(create(kFunctions, function("a:1")));
  const Json held = ask(merge_patch(kFunctions, key("f"), with_finalizer(made, "faisca.dev/test")));
  EXPECT_TRUE(
      is_conflict(refusal(merge_patch(kFunctions, key("f"), with_finalizer(made, "faisca.dev/other")))));
  ask(remove(kFunctions, key("f")));
  const Json going = ask(get(kFunctions, key("f")));
  EXPECT_TRUE(is_being_deleted(going));
  EXPECT_TRUE(has_finalizer(held, "faisca.dev/test"));
  ask(merge_patch(kFunctions, key("f"), without_finalizer(going, "faisca.dev/test")));
  EXPECT_TRUE(is_not_found(refusal(get(kFunctions, key("f")))));
}

TEST_P(Contract, ChildrenGoWithTheirOwner) {
  const Json owner = ask(create(kFunctions, function("a:1")));
  Json child = config_map("x", "1");
  child["metadata"]["ownerReferences"] = Json::array({owner_reference(kFunctions, owner)});
  ask(create(kConfigMaps, child));
  ask(remove(kFunctions, key("f")));
  EXPECT_TRUE(eventually([&] { return !server().send(get(kConfigMaps, key("x"))); }));
}

TEST_P(Contract, ListsFollowSelectorsAndPages) {
  for (const char* name : {"a", "b", "c"}) {
    Json object = config_map(name, "1");
    object["metadata"]["labels"]["color"] = *name == 'b' ? "red" : "blue";
    ask(create(kConfigMaps, object));
  }
  const Json red = ask(list(kConfigMaps, {.space = space(), .label_selector = "color=red"}));
  ASSERT_EQ(red["items"].size(), 1u);
  EXPECT_EQ(key_of(red["items"][0]).name, "b");
  EXPECT_FALSE(resource_version_of(red).empty());
  ListOptions options{.space = space(), .label_selector = "color", .limit = 2};
  const Json page = ask(list(kConfigMaps, options));
  EXPECT_EQ(page["items"].size(), 2u);
  options.continue_token = text_at(page, "/metadata/continue");
  EXPECT_EQ(ask(list(kConfigMaps, options))["items"].size(), 1u);
}

TEST_P(Contract, AWatchTellsWhatHappenedAfterItsVersion) {
  ask(create(kConfigMaps, config_map("before", "1")));
  Request watch = list(kConfigMaps, {.space = space(), .field_selector = "metadata.name=x"});
  watch.query.emplace_back("watch", "1");
  watch.query.emplace_back("resourceVersion",
                           resource_version_of(ask(list(kConfigMaps, {.space = space()}))));
  ask(apply(kConfigMaps, config_map("x", "1"), "t"));
  ask(apply(kConfigMaps, config_map("x", "2"), "t"));
  ask(remove(kConfigMaps, key("x")));
  std::string types;
  const auto outcome = server().stream(watch,
                                       [&](std::string_view line) {
                                         types += text_at(Json::parse(line), "/type") + " ";
                                         return !types.ends_with("DELETED ");
                                       },
                                       {});
  EXPECT_TRUE(outcome) << outcome.error().text();
  EXPECT_EQ(types, "ADDED MODIFIED DELETED ");
}

INSTANTIATE_TEST_SUITE_P(Servers, Contract, ::testing::Values(Server::kFake, Server::kReal),
                         [](const auto& info) { return info.param == Server::kFake ? "Fake" : "Real"; });

}  // namespace
}  // namespace faisca::kube
