#include "lib/cluster/embedded/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "api/types/function/defaults.h"
#include "lib/base/files.h"
#include "lib/cluster/embedded/temporary_folder.h"

namespace faisca::cluster {
namespace {

using testing::HasSubstr;

Deployment deployment(const std::string& name) {
  Deployment made;
  made.function.metadata.name = name;
  made.function.spec.handler.command = {"/bin/cat"};
  made.function = api::with_defaults(made.function);
  made.generation = 7;
  made.created_at = WallTime(std::chrono::seconds(1'700'000'000));
  made.replicas = 3;
  return made;
}

TEST(FunctionStore, GivesBackWhatWasSaved) {
  TemporaryFolder folder;
  FunctionStore store(folder.path / "functions");
  ASSERT_TRUE(store.load({}));
  ASSERT_TRUE(store.save(deployment("b")));
  ASSERT_TRUE(store.save(deployment("a")));
  const auto contents = FunctionStore(folder.path / "functions").load({});
  ASSERT_TRUE(contents);
  ASSERT_EQ(contents->deployments.size(), 2u);
  const Deployment& a = contents->deployments[0];
  EXPECT_EQ(a.function, deployment("a").function);
  EXPECT_EQ(a.generation, 7u);
  EXPECT_EQ(a.created_at, deployment("a").created_at);
  EXPECT_EQ(a.replicas, 3);
}

TEST(FunctionStore, ForgetsWhatWasErased) {
  TemporaryFolder folder;
  FunctionStore store(folder.path);
  ASSERT_TRUE(store.save(deployment("a")));
  ASSERT_TRUE(store.erase("a"));
  ASSERT_TRUE(store.erase("a"));
  EXPECT_TRUE(store.load({})->deployments.empty());
}

TEST(FunctionStore, ReadsAFileThatWasPutThereByHand) {
  TemporaryFolder folder;
  std::ofstream(folder.path / "x.yaml")
      << "apiVersion: faisca.dev/v1alpha1\nkind: Function\nmetadata: {name: x}\n"
         "spec: {handler: {command: [/bin/cat]}, scale: {min: 2}}\n";
  const WallTime now(std::chrono::seconds(5));
  const auto contents = FunctionStore(folder.path).load(now);
  ASSERT_EQ(contents->deployments.size(), 1u);
  EXPECT_EQ(contents->deployments[0].generation, 1u);
  EXPECT_EQ(contents->deployments[0].created_at, now);
  EXPECT_EQ(contents->deployments[0].replicas, 2);
}

TEST(FunctionStore, SetsBadFilesAside) {
  TemporaryFolder folder;
  FunctionStore store(folder.path);
  ASSERT_TRUE(store.save(deployment("good")));
  const std::string good = read_file(folder.path / "good.yaml").value();
  std::ofstream(folder.path / "cut.yaml") << good.substr(0, good.size() / 2);
  std::ofstream(folder.path / "empty.yaml");
  std::ofstream(folder.path / "other.yaml") << good;
  std::ofstream(folder.path / "number.yaml")
      << "apiVersion: faisca.dev/v1alpha1\nkind: Function\nmetadata: {name: number, "
         "annotations: {faisca.dev/generation: x}}\n";
  std::ofstream(folder.path / "README") << "not ours";
  const auto contents = store.load({});
  ASSERT_TRUE(contents);
  ASSERT_EQ(contents->deployments.size(), 1u);
  ASSERT_EQ(contents->corrupt.size(), 4u);
  EXPECT_EQ(contents->corrupt[0].file, folder.path / "cut.yaml.corrupt");
  EXPECT_TRUE(std::filesystem::exists(contents->corrupt[0].file));
  EXPECT_THAT(contents->corrupt[3].error.text(), HasSubstr("name the file good.yaml"));
  EXPECT_TRUE(std::filesystem::exists(folder.path / "README"));
  EXPECT_TRUE(store.load({})->corrupt.empty()) << "reported once";
}

TEST(FunctionStore, RemovesWhatAnInterruptedSaveLeft) {
  TemporaryFolder folder;
  std::ofstream(folder.path / "a.yaml.Xy12zZ") << "half";
  ASSERT_TRUE(FunctionStore(folder.path).load({}));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path));
}

TEST(FunctionStore, KeepsTheOldVersionWhenItCannotSave) {
  TemporaryFolder folder;
  FunctionStore store(folder.path / "missing");
  const Status status = store.save(deployment("a"));
  ASSERT_FALSE(status);
  EXPECT_THAT(status.error().text(), HasSubstr("while storing function a"));
}

}  // namespace
}  // namespace faisca::cluster
