#include "lib/cluster/embedded/artifacts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "lib/base/files.h"
#include "lib/cluster/embedded/temporary_folder.h"
#include "lib/digest/sha256.h"

namespace faisca::cluster {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

api::Function code(const std::string& text) {
  api::Function f;
  f.metadata.name = "x";
  f.spec.source = api::Source{"python3", text, {}};
  return f;
}

TEST(ArtifactStore, MakesAFolderPerContentAndRemovesItWithTheLastLease) {
  TemporaryFolder folder;
  ArtifactStore store(folder.path);
  auto first = store.prepare(code("print(1)")).value();
  const fs::path path = first->folder();
  EXPECT_EQ(read_file(path / "handler.py").value(), "print(1)");
  auto second = store.prepare(code("print(1)")).value();
  EXPECT_EQ(second->folder(), path);
  EXPECT_NE(store.prepare(code("print(2)")).value()->folder(), path);
  first.reset();
  EXPECT_TRUE(fs::exists(path));
  second.reset();
  EXPECT_TRUE(fs::is_empty(folder.path));
}

TEST(ArtifactStore, KeepsEverythingWhenThePlatformStops) {
  TemporaryFolder folder;
  fs::path path;
  {
    ArtifactStore store(folder.path);
    const auto lease = store.prepare(code("print(1)")).value();
    path = lease->folder();
    store.keep_all();
  }
  EXPECT_TRUE(fs::exists(path / "handler.py"));
}

TEST(ArtifactStore, RemovesWhatNobodyUses) {
  TemporaryFolder folder;
  fs::create_directories(folder.path / "new-abc");
  fs::create_directories(folder.path / std::string(64, 'a'));
  ArtifactStore store(folder.path);
  const auto lease = store.prepare(code("print(1)")).value();
  store.remove_unused();
  EXPECT_TRUE(fs::exists(lease->folder()));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path), fs::directory_iterator()), 1);
}

TEST(ArtifactStore, NeedsNothingForAProgramOfTheMachine) {
  TemporaryFolder folder;
  ArtifactStore store(folder.path);
  api::Function f;
  f.spec.handler.command = {"/bin/cat"};
  EXPECT_EQ(store.prepare(f).value(), nullptr);
}

TEST(ArtifactStore, LeavesNothingBehindWhenAnArchiveIsBad) {
  TemporaryFolder folder;
  fs::create_directories(folder.path / "store");
  ArtifactStore store(folder.path / "store");
  const fs::path tar = folder.path / "x.tar";
  std::ofstream(tar) << "not a tar archive, long enough to be looked at";
  api::Function f = code("");
  f.spec.source->archive = api::Archive{"file://" + tar.string(), std::string(64, 'A')};
  EXPECT_THAT(store.prepare(f).error().text(), HasSubstr("is not the sum of"));
  f.spec.source->archive->sha256 = sha256_of_file(tar).value();
  EXPECT_THAT(store.prepare(f).error().text(), HasSubstr("the archive cannot be read"));
  f.spec.source->archive->url = "file://relative/x.tar";
  EXPECT_THAT(store.prepare(f).error().text(), HasSubstr("is not a file on this machine"));
  EXPECT_TRUE(fs::is_empty(folder.path / "store"));
}

TEST(ArtifactStore, RefusesAnObjectThatTheVerifierRefuses) {
  TemporaryFolder folder;
  ArtifactStore store(folder.path);
  api::Function f;
  f.spec.offload.emplace().object =
      "\x7f"
      "ELF and nothing more";
  const auto lease = store.prepare(f);
  ASSERT_FALSE(lease);
  EXPECT_THAT(lease.error().text(), HasSubstr("while loading spec.offload.object"));
}

api::Function offload(const std::string& object) {
  api::Function f;
  f.spec.offload.emplace().object = read_file(std::string(FAISCA_BPF_TESTDATA) + "/" + object).value();
  return f;
}

TEST(ArtifactStore, WritesAnObjectThatTheVerifierAccepts) {
  TemporaryFolder folder;
  ArtifactStore store(folder.path);
  const api::Function f = offload("answer.v4.g.o");
  const auto lease = store.prepare(f);
  ASSERT_TRUE(lease) << lease.error().text();
  EXPECT_EQ(read_file((*lease)->folder() / "object.o").value(), f.spec.offload->object);
}

TEST(ArtifactStore, NamesTheInstructionOfAProgramThatNeverEnds) {
  TemporaryFolder folder;
  ArtifactStore store(folder.path);
  const auto lease = store.prepare(offload("endless.v4.nog.o"));
  ASSERT_FALSE(lease);
  EXPECT_THAT(lease.error().text(), HasSubstr("while verifying spec.offload.object"));
  EXPECT_THAT(lease.error().text(), HasSubstr("instruction"));
  EXPECT_TRUE(fs::is_empty(folder.path));
}

}  // namespace
}  // namespace faisca::cluster
