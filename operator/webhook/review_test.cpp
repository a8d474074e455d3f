#include "operator/webhook/review.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/bpf/object.h"
#include "operator/webhook/testing/objects.h"

namespace faisca::webhook {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;

// The response in the answer to `review`.
json ask(const json& review) {
  const auto answer = webhook::review(review.dump());
  EXPECT_TRUE(answer) << answer.error().text();
  const json whole = json::parse(answer.value_or("{}"));
  EXPECT_EQ(whole.value("apiVersion", ""), "admission.k8s.io/v1");
  EXPECT_EQ(whole.value("kind", ""), "AdmissionReview");
  EXPECT_EQ(whole["response"].value("uid", ""), "705ab4f5-6393-11e8-b7cc-42010a800002");
  return whole["response"];
}
bool allowed(const json& review) { return ask(review)["allowed"].get<bool>(); }
std::string denial(const json& review) {
  const json response = ask(review);
  EXPECT_FALSE(response["allowed"].get<bool>());
  EXPECT_EQ(response["status"]["code"], 422);
  return response["status"].value("message", "");
}

TEST(Review, AllowsWhatVerifies) {
  EXPECT_TRUE(allowed(review_of(function("four", object("good")))));
  EXPECT_TRUE(allowed(review_of(function("pass", object("xdp"), "xdp"))));
}

TEST(Review, NamesInstructionAndReasonOfWhatDoesNot) {
  const std::string message = denial(review_of(function("bad", object("bad_helper"))));
  EXPECT_THAT(message,
              AllOf(HasSubstr("spec.offload.object.inline"), HasSubstr("instruction 0"), HasSubstr("9999")));
}

TEST(Review, RefusesWhatIsNoObject) {
  EXPECT_THAT(denial(review_of(function("bad", "#!/bin/sh"))), HasSubstr("spec.offload.object.inline: "));
  json not_base64 = function("bad", "");
  not_base64["spec"]["offload"]["object"]["inline"] = "!!!";
  EXPECT_THAT(denial(review_of(not_base64)), HasSubstr("spec.offload.object.inline"));
  EXPECT_THAT(denial(review_of(function("bad", ""))), HasSubstr("it is empty"));
}

TEST(Review, RefusesAnUnknownEntry) {
  json wrong = function("four", object("good"));
  wrong["spec"]["offload"]["program"] = "no_such_function";
  EXPECT_THAT(denial(review_of(wrong)), HasSubstr("no_such_function"));
}

TEST(Review, RefusesAnObjectThatIsTooLarge) {
  EXPECT_THAT(denial(review_of(function("big", std::string(bpf::kMaxObjectBytes + 1, 'x')))),
              AllOf(HasSubstr("4194305 bytes are more than 4194304"), HasSubstr("llvm-strip")));
}

TEST(Review, RefusesAFunctionThatMakesNoSense) {
  json both = function("four", object("good"));
  both["spec"]["image"] = "hello:1";
  EXPECT_THAT(denial(review_of(both)), HasSubstr("image, offload exclude each other"));
}

TEST(Review, AllowsWhatDoesNotConcernIt) {
  const json bad = function("bad", object("bad_helper"));
  EXPECT_TRUE(allowed(review_of(bad, "DELETE")));
  EXPECT_TRUE(allowed(review_of(bad, "CONNECT")));
  json other_kind = review_of(bad);
  other_kind["request"]["kind"]["kind"] = "Pod";
  EXPECT_TRUE(allowed(other_kind));
  json openfaas = review_of(bad);
  openfaas["request"]["kind"]["group"] = "openfaas.com";
  EXPECT_TRUE(allowed(openfaas));
  json no_offload = bad;
  no_offload["spec"].erase("offload");
  EXPECT_TRUE(allowed(review_of(no_offload)));
  json deleting = bad;
  deleting["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z";
  EXPECT_TRUE(allowed(review_of(deleting, "UPDATE")));
}

TEST(Review, AllowsAnUpdateThatLeavesOffloadAsItWas) {
  const json bad = function("bad", object("bad_helper"));
  json update = review_of(bad, "UPDATE");
  update["request"]["oldObject"] = bad;
  update["request"]["object"]["metadata"]["labels"] = {{"new", "label"}};
  EXPECT_TRUE(allowed(update));
  update["request"]["object"]["spec"]["offload"]["budget"] = 5;
  EXPECT_FALSE(allowed(update));
}

TEST(Review, IgnoresFieldsThatANewerSchemaHas) {
  json newer = function("four", object("good"));
  newer["spec"]["offload"]["quantum"] = true;
  newer["metadata"]["managedFields"] = json::array({{{"manager", "x"}}});
  EXPECT_TRUE(allowed(review_of(newer)));
}

TEST(Review, WarnsAboutWhatIsAllowedButOdd) {
  const json response = ask(review_of(function("odd", object("xdp"), "mem")));
  EXPECT_TRUE(response["allowed"].get<bool>());
  ASSERT_EQ(response["warnings"].size(), 1u);
  EXPECT_THAT(response["warnings"][0].get<std::string>(),
              HasSubstr("pass is in section xdp but is called by mem"));
  EXPECT_FALSE(ask(review_of(function("four", object("good")))).contains("warnings"));
}

TEST(Review, RefusesToAnswerWhatIsNoReview) {
  const std::string good = review_of(function("four", object("good"))).dump();
  json no_uid = json::parse(good);
  no_uid["request"].erase("uid");
  json old = json::parse(good);
  old["apiVersion"] = "admission.k8s.io/v1beta1";
  for (const std::string& body : {std::string(""), std::string("x"), std::string("[]"), std::string("{}"),
                                  no_uid.dump(), old.dump(), good.substr(0, good.size() / 2)}) {
    const auto answer = review(body);
    ASSERT_FALSE(answer) << body.substr(0, 60);
    EXPECT_EQ(answer.error().code, Code::kInvalidArgument);
  }
  EXPECT_EQ(review(std::string(kMaxReview + 1, ' ')).error().code, Code::kOutOfRange);
}

TEST(Review, DoesNotMindDeepOrOddlyTypedJson) {
  EXPECT_FALSE(review(std::string(1'000'000, '[')));
  json odd = review_of(json::array());
  EXPECT_TRUE(allowed(odd));
  odd["request"]["object"] = {{"spec", {{"offload", 7}}}};
  EXPECT_FALSE(allowed(odd));
}

}  // namespace
}  // namespace faisca::webhook
