#include "operator/runtimes/defaults.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "lib/kube/testing/fake_client.h"

namespace faisca::operators {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr char kPython[] = R"(apiVersion: faisca.dev/v1alpha1
kind: Runtime
metadata: {name: python3}
spec: {image: faisca.dev/runtime-python3:1, file: handler.py, command: [python3, handler.py]}
)";
constexpr char kBash[] = R"(apiVersion: faisca.dev/v1alpha1
kind: Runtime
metadata: {name: bash}
spec: {image: faisca.dev/runtime-bash:1, file: handler.sh, command: [bash, handler.sh]}
)";

class RuntimeDefaults : public testing::Test {
 protected:
  RuntimeDefaults() {
    std::string name = (fs::temp_directory_path() / "faisca-runtimes-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~RuntimeDefaults() override { fs::remove_all(folder_); }

  void put(const std::string& name, const std::string& text) const { std::ofstream(folder_ / name) << text; }
  std::vector<api::Runtime> read() const {
    auto runtimes = read_runtimes(folder_);
    EXPECT_TRUE(runtimes) << runtimes.error().text();
    return runtimes ? *runtimes : std::vector<api::Runtime>();
  }

  fs::path folder_;
  kube::testing::FakeClient client_;
};

TEST_F(RuntimeDefaults, ReadsAFolderAsAConfigMapIsMounted) {
  fs::create_directory(folder_ / "..data.1");
  put("..data.1/python3.yaml", kPython);
  fs::create_directory_symlink("..data.1", folder_ / "..data");
  fs::create_symlink("..data/python3.yaml", folder_ / "python3.yaml");
  put("bash.yaml", kBash);
  put("README", "not a runtime");
  const auto runtimes = read();
  ASSERT_EQ(runtimes.size(), 2u);
  EXPECT_EQ(runtimes[0].metadata.name, "bash");
  EXPECT_EQ(runtimes[1].spec.file, "handler.py");
}

TEST_F(RuntimeDefaults, AnEmptyPathHoldsNone) { EXPECT_TRUE(read_runtimes("")->empty()); }

TEST_F(RuntimeDefaults, RefusesAFileThatIsNoRuntimeByItsName) {
  put("perl.yaml",
      "apiVersion: faisca.dev/v1alpha1\nkind: Runtime\nmetadata: {name: perl}\nspec: {imgae: x}\n");
  const auto runtimes = read_runtimes(folder_);
  ASSERT_FALSE(runtimes);
  EXPECT_THAT(runtimes.error().text(), HasSubstr("perl.yaml"));
  EXPECT_THAT(runtimes.error().text(), HasSubstr("imgae"));
}

TEST_F(RuntimeDefaults, RefusesAFolderThatIsNotThere) {
  const auto runtimes = read_runtimes(folder_ / "none");
  ASSERT_FALSE(runtimes);
  EXPECT_THAT(runtimes.error().text(), HasSubstr("none"));
}

TEST_F(RuntimeDefaults, WritesOnceAndThenNothing) {
  put("python3.yaml", kPython);
  put("bash.yaml", kBash);
  EXPECT_EQ(apply_runtimes(client_, read(), "faisca-operator")->written, 2);
  client_.clear_requests();
  const auto again = apply_runtimes(client_, read(), "faisca-operator");
  EXPECT_EQ(again->written, 0);
  EXPECT_EQ(again->unchanged, 2);
  EXPECT_EQ(client_.writes(), 0u);
}

TEST_F(RuntimeDefaults, SetsBackWhatSomebodyChangedAndLeavesOtherRuntimesAlone) {
  put("python3.yaml", kPython);
  ASSERT_TRUE(apply_runtimes(client_, read(), "faisca-operator"));
  ASSERT_TRUE(
      client_.send(kube::merge_patch(kube::kRuntimes, {"", "python3"}, {{"spec", {{"image", "mine"}}}})));
  kube::Json other = kube::Json::parse(R"({"metadata": {"name": "perl"}, "spec": {"image": "perl"}})");
  ASSERT_TRUE(client_.send(kube::create(kube::kRuntimes, other)));
  EXPECT_EQ(apply_runtimes(client_, read(), "faisca-operator")->written, 1);
  EXPECT_EQ(client_.send(kube::get(kube::kRuntimes, {"", "python3"}))->at("/spec/image"_json_pointer),
            "faisca.dev/runtime-python3:1");
  EXPECT_EQ(client_.send(kube::get(kube::kRuntimes, {"", "perl"}))->at("/spec/image"_json_pointer), "perl");
}

TEST_F(RuntimeDefaults, TriesAgainUntilTheDefinitionIsServed) {
  put("python3.yaml", kPython);
  std::atomic<int> refused = 0;
  client_.set_fault([&](const kube::Request& request) -> std::optional<Error> {
    if (request.verb != kube::Verb::kApply || ++refused > 2) return std::nullopt;
    return Error{Code::kNotFound, "the server could not find the requested resource", "", {}};
  });
  EXPECT_TRUE(ensure_runtimes(client_, read(), "faisca-operator", {}));
  EXPECT_EQ(refused, 3);
}

TEST_F(RuntimeDefaults, StopsWhenAsked) {
  put("python3.yaml", kPython);
  std::stop_source stop;
  client_.set_fault([&](const kube::Request&) -> std::optional<Error> {
    stop.request_stop();
    return Error{Code::kUnavailable, "no", "", {}};
  });
  const Status done = ensure_runtimes(client_, read(), "faisca-operator", stop.get_token());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Code::kCancelled);
}

}  // namespace
}  // namespace faisca::operators
