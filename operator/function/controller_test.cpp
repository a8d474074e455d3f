// The controller over an API server in memory: what is written, how often, and what is left when it dies in
// between. What hangs on the real one (schemas, garbage collection, other controllers):
// tests/component/operator.
#include "operator/function/controller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "lib/kube/apply.h"
#include "lib/kube/object.h"
#include "lib/kube/testing/eventually.h"
#include "lib/kube/testing/fake_client.h"

namespace faisca::operators {
namespace {

using kube::Json;
using kube::testing::eventually;
using kube::testing::FakeClient;
using std::chrono::seconds;

const kube::ObjectKey kKey{"default", "greet"};

Json function_object(const std::string& code = "print(1)") {
  Json object = kube::make_object(kube::kFunctions, kKey);
  object["spec"] = {
      {"source", {{"runtime", "python3"}, {"inline", code}}}, {"replicas", 0}, {"scale", {{"min", 0}}}};
  return object;
}

bool changes(const kube::Request& request) {
  return request.verb != kube::Verb::kGet && request.verb != kube::Verb::kList;
}

class ControllerTest : public ::testing::Test {
 protected:
  ControllerTest() {
    Json runtime = kube::make_object(kube::kRuntimes, {"", "python3"});
    runtime["spec"] = {{"image", "python:1"}, {"file", "handler.py"}, {"command", {"python3", "handler.py"}}};
    EXPECT_TRUE(client_.send(kube::create(kube::kRuntimes, runtime)));
    start();
  }

  void start() {
    controller_.reset();
    controller_ = std::make_unique<FunctionController>(
        FunctionController::Parts{
            .client = client_, .clock = clock_, .origin = faisca_origin(), .spaces = {}},
        FunctionSettings{});
    controller_->watch();
    ASSERT_TRUE(controller_->wait_synced(seconds(20)));
  }

  Json get(const kube::Resource& resource, const std::string& name) {
    auto object = client_.send(kube::get(resource, {kKey.space, name}));
    return object ? *std::move(object) : Json();
  }
  std::string reason() {
    return kube::text_at(get(kube::kFunctions, "greet"), "/status/conditions/0/reason");
  }

  // What the Deployment controller does at zero replicas.
  void see_deployment() {
    Json deployment = get(kube::kDeployments, "greet");
    if (deployment.is_null()) return;
    deployment["status"] = {{"observedGeneration", kube::generation_of(deployment)}};
    (void)client_.send(kube::update(kube::kDeployments, deployment, "status"));
  }

  // Looks at the function until it is ready, as workers would, with time passing.
  bool becomes_ready() {
    return eventually([&] {
      (void)controller_->reconcile(kKey);
      see_deployment();
      clock_.advance(seconds(1));
      return reason() == "ScaledToZero";
    });
  }

  // The children and the status, without what differs from run to run.
  std::string end_state() {
    std::string out;
    for (const auto& [resource, name] : {std::pair{kube::kConfigMaps, "greet-code"},
                                         {kube::kServices, "greet"},
                                         {kube::kDeployments, "greet"},
                                         {kube::kFunctions, "greet"}}) {
      Json object = get(resource, name);
      if (object.is_null()) return "no " + std::string(resource.kind);
      for (const char* member :
           {"uid", "resourceVersion", "creationTimestamp", "generation", "managedFields"})
        object["metadata"].erase(member);
      if (object["metadata"].contains("ownerReferences"))
        object["metadata"]["ownerReferences"][0].erase("uid");
      if (object["metadata"].contains("annotations"))
        object["metadata"]["annotations"].erase(std::string(kube::kAppliedAnnotation));  // of the owner's uid
      if (object.contains("status") && object["status"].contains("conditions"))
        for (Json& condition : object["status"]["conditions"]) condition.erase("lastTransitionTime");
      out += object.dump() + "\n";
    }
    return out;
  }

  FakeClient client_;
  FakeClock clock_;
  std::unique_ptr<FunctionController> controller_;
};

TEST_F(ControllerTest, WritesEachChildAndTheStatusOnce) {
  ASSERT_TRUE(client_.send(kube::create(kube::kFunctions, function_object())));
  client_.clear_requests();
  ASSERT_TRUE(becomes_ready());
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(controller_->reconcile(kKey));
  std::map<std::string, int> writes;
  for (const kube::Request& request : client_.requests())
    if (request.verb == kube::Verb::kApply)
      ++writes[std::string(request.resource.plural) + "/" + request.subresource];
  EXPECT_EQ(writes, (std::map<std::string, int>{
                        {"configmaps/", 1}, {"deployments/", 1}, {"functions/status", 1}, {"services/", 1}}));
}

TEST_F(ControllerTest, WritesNothingWhileNothingChanges) {
  ASSERT_TRUE(client_.send(kube::create(kube::kFunctions, function_object())));
  ASSERT_TRUE(becomes_ready());
  start();  // nor after a restart
  client_.clear_requests();
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(controller_->reconcile(kKey));
    clock_.advance(std::chrono::minutes(10));
  }
  EXPECT_EQ(client_.writes(), 0u);
}

TEST_F(ControllerTest, ReachesTheSameEndWhereverItDies) {
  ASSERT_TRUE(client_.send(kube::create(kube::kFunctions, function_object())));
  ASSERT_TRUE(becomes_ready());
  const std::string expected = end_state();
  const int kWrites = 4;
  for (int last = 0; last <= kWrites; ++last) {
    for (const bool answered : {true, false}) {
      // A fresh function; the controller dies at its write number `last`, which is done or not.
      for (const auto& [resource, name] : {std::pair{kube::kFunctions, "greet"},
                                           {kube::kDeployments, "greet"},
                                           {kube::kServices, "greet"},
                                           {kube::kConfigMaps, "greet-code"}})
        (void)client_.send(kube::remove(resource, {kKey.space, name}));
      ASSERT_TRUE(client_.send(kube::create(kube::kFunctions, function_object())));
      start();
      int writes = 0;
      bool dead = false;
      client_.set_fault([&](const kube::Request& request) -> std::optional<Error> {
        const Error gone{Code::kUnavailable, "the controller is dead", "", {}};
        if (dead) return gone;
        if (changes(request) && request.resource.group != "" && request.subresource == "status" &&
            request.resource.plural == "deployments")
          return std::nullopt;  // the Deployment controller's
        if (changes(request) && writes++ == last) {
          dead = true;
          if (!answered) return gone;
        }
        return std::nullopt;
      });
      for (int i = 0; i < 6 && !dead; ++i) {
        (void)controller_->reconcile(kKey);
        if (!dead) see_deployment();
        clock_.advance(seconds(2));
      }
      client_.set_fault(nullptr);
      start();
      ASSERT_TRUE(becomes_ready()) << "died at write " << last;
      EXPECT_EQ(end_state(), expected) << "died at write " << last << (answered ? ", done" : ", not done");
    }
  }
}

TEST_F(ControllerTest, TellsWhatTheApiServerRefuses) {
  client_.set_fault([](const kube::Request& request) -> std::optional<Error> {
    if (request.verb != kube::Verb::kApply || request.resource != kube::kDeployments) return std::nullopt;
    return Error{Code::kInvalidArgument, "Deployment.apps \"greet\" is invalid: no such thing", "", {}};
  });
  ASSERT_TRUE(client_.send(kube::create(kube::kFunctions, function_object())));
  EXPECT_TRUE(eventually([&] {
    (void)controller_->reconcile(kKey);
    return reason() == "Refused";
  }));
  const Json f = get(kube::kFunctions, "greet");
  EXPECT_THAT(kube::text_at(f, "/status/conditions/0/message"), ::testing::HasSubstr("no such thing"));
}

TEST_F(ControllerTest, TriesAgainWhatMayWorkLater) {
  ASSERT_TRUE(client_.send(kube::create(kube::kFunctions, function_object())));
  for (const Code code : {Code::kUnavailable, Code::kResourceExhausted, Code::kAborted, Code::kInternal,
                          Code::kDeadlineExceeded, Code::kUnauthenticated}) {
    client_.set_fault([&](const kube::Request& request) -> std::optional<Error> {
      if (!changes(request)) return std::nullopt;
      return Error{code, "not now", "", {}};
    });
    EXPECT_TRUE(eventually([&] { return !controller_->reconcile(kKey).has_value(); })) << code_name(code);
  }
  client_.set_fault(nullptr);
  EXPECT_TRUE(becomes_ready());
}

TEST_F(ControllerTest, LeavesANamespaceAloneThatIsBeingDeleted) {
  ASSERT_TRUE(client_.send(kube::create(kube::kFunctions, function_object())));
  int attempts = 0;
  client_.set_fault([&](const kube::Request& request) -> std::optional<Error> {
    if (!changes(request)) return std::nullopt;
    ++attempts;
    return Error{Code::kFailedPrecondition, "namespace default is being terminated", "", {}};
  });
  EXPECT_TRUE(eventually([&] {
    EXPECT_TRUE(controller_->reconcile(kKey));
    return attempts > 0;
  }));
  EXPECT_EQ(reason(), "");
}

TEST_F(ControllerTest, DoesNotTakeOverWhatIsNotOurs) {
  Json service = kube::make_object(kube::kServices, kKey);
  service["spec"] = {{"selector", {{"app", "theirs"}}}};
  ASSERT_TRUE(client_.send(kube::create(kube::kServices, service)));
  ASSERT_TRUE(client_.send(kube::create(kube::kFunctions, function_object())));
  EXPECT_TRUE(eventually([&] {
    (void)controller_->reconcile(kKey);
    return reason() == "NameConflict";
  }));
  EXPECT_EQ(get(kube::kServices, "greet")["spec"], service["spec"]);
  EXPECT_TRUE(get(kube::kDeployments, "greet").is_null()) << "half a function answers nobody";
  ASSERT_TRUE(client_.send(kube::remove(kube::kServices, kKey)));
  EXPECT_TRUE(becomes_ready());
}

TEST_F(ControllerTest, RepairsAChildThatSomebodyDeletes) {
  ASSERT_TRUE(client_.send(kube::create(kube::kFunctions, function_object())));
  ASSERT_TRUE(becomes_ready());
  ASSERT_TRUE(client_.send(kube::remove(kube::kServices, kKey)));
  EXPECT_TRUE(eventually([&] {
    (void)controller_->reconcile(kKey);
    return !get(kube::kServices, "greet").is_null();
  }));
}

TEST_F(ControllerTest, FollowsARuntimeThatComesLater) {
  Json object = function_object();
  object["spec"]["source"]["runtime"] = "ruby";
  ASSERT_TRUE(client_.send(kube::create(kube::kFunctions, object)));
  controller_->act(2);
  EXPECT_TRUE(eventually([&] { return reason() == "RuntimeNotFound"; }));
  Json runtime = kube::make_object(kube::kRuntimes, {"", "ruby"});
  runtime["spec"] = {{"image", "ruby:1"}, {"file", "handler.rb"}, {"command", {"ruby", "handler.rb"}}};
  ASSERT_TRUE(client_.send(kube::create(kube::kRuntimes, runtime)));
  EXPECT_TRUE(eventually([&] { return !get(kube::kDeployments, "greet").is_null(); }));
}

}  // namespace
}  // namespace faisca::operators
