#include "cli/function/folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "api/types/function/defaults.h"
#include "api/types/function/validate.h"
#include "api/types/function/yaml.h"
#include "cli/function/archive.h"
#include "cli/function/template.h"
#include "cli/testing/run.h"
#include "lib/base/files.h"
#include "lib/digest/sha256.h"

namespace faisca::cli {
namespace {

namespace fs = std::filesystem;

struct World : ::testing::Test {
  World() { context.environment = {"PATH=/usr/local/bin:/usr/bin:/bin"}; }
  void write(const std::string& name, const std::string& content) {
    ASSERT_TRUE(make_folder((folder.path() / name).parent_path()));
    ASSERT_TRUE(write_file_atomic(folder.path() / name, content));
  }
  Result<api::Function> prepare() {
    return prepare_function(context, folder.path(), folder.path() / "build");
  }
  void function(const std::string& spec) {
    write("function.yaml",
          "apiVersion: faisca.dev/v1alpha1\nkind: Function\nmetadata: {name: f}\nspec:\n  " + spec);
  }
  TemporaryFolder folder;
  Context context;
};

using Archive = World;
using Folder = World;

TEST_F(Archive, DependsOnNamesContentAndExecuteBitsOnly) {
  write("a/x", "1");
  write("a/sub/y", "2");
  ASSERT_EQ(::symlink("x", (folder.path() / "a/link").c_str()), 0);
  const auto first = pack_folder(folder.path() / "a", folder.path() / "1.tar");
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ(first->files, 4u);
  fs::last_write_time(folder.path() / "a/x", fs::file_time_type::clock::now() - std::chrono::hours(99));
  ::chmod((folder.path() / "a/x").c_str(), 0600);
  EXPECT_EQ(pack_folder(folder.path() / "a", folder.path() / "2.tar")->sha256, first->sha256);
  ::chmod((folder.path() / "a/x").c_str(), 0755);
  EXPECT_NE(pack_folder(folder.path() / "a", folder.path() / "3.tar")->sha256, first->sha256);
}

TEST_F(Archive, RefusesWhatIsNoFileAndAnEmptyFolder) {
  ASSERT_TRUE(make_folder(folder.path() / "a"));
  EXPECT_EQ(pack_folder(folder.path() / "a", folder.path() / "1.tar").error().code, Code::kNotFound);
  ASSERT_EQ(::mkfifo((folder.path() / "a/pipe").c_str(), 0644), 0);
  const auto packed = pack_folder(folder.path() / "a", folder.path() / "1.tar");
  EXPECT_EQ(packed.error().code, Code::kInvalidArgument);
  EXPECT_NE(packed.error().message.find("a/pipe is neither"), std::string::npos);
  EXPECT_FALSE(fs::exists(folder.path() / "1.tar"));
}

TEST_F(Folder, WithoutFunctionFileSaysWhatIsMissing) {
  EXPECT_NE(prepare().error().message.find("has no function.yaml"), std::string::npos);
  EXPECT_EQ(read_function_folder(folder.path() / "none").error().code, Code::kNotFound);
}

TEST_F(Folder, BuildsPacksAndNamesTheArchiveByItsDigest) {
  function("source: {runtime: bash}\n  handler: {command: [./h]}\n");
  write("build.sh", "echo working; printf made > \"$OUT/h\"\n");
  const auto prepared = prepare();
  ASSERT_TRUE(prepared) << prepared.error().text();
  const auto& archive = prepared->spec.source->archive;
  ASSERT_TRUE(archive);
  EXPECT_EQ(archive->url, "file://" + (folder.path() / "build/f.tar").string());
  EXPECT_EQ(archive->sha256, sha256_hex(*read_file(folder.path() / "build/f.tar")));
  EXPECT_EQ(*read_file(folder.path() / "build/build.log"), "working\n");
}

TEST_F(Folder, EmptiesTheOutputBeforeEachBuild) {
  function("source: {runtime: bash}\n  handler: {command: [./h]}\n");
  write("build.sh", "touch \"$OUT/h\"\n");
  write("build/package/stale", "");
  ASSERT_TRUE(prepare());
  EXPECT_FALSE(fs::exists(folder.path() / "build/package/stale"));
}

TEST_F(Folder, ShowsTheEndOfWhatAFailedRecipePrinted) {
  function("source: {runtime: bash}\n  handler: {command: [./h]}\n");
  write("build.sh", "for i in $(seq 30); do echo line $i; done; echo broken >&2; exit 3\n");
  const Error error = prepare().error();
  EXPECT_EQ(error.code, Code::kFailedPrecondition);
  EXPECT_NE(error.message.find("exited with status 3:\nline 12\n"), std::string::npos) << error.message;
  EXPECT_TRUE(error.message.ends_with("line 30\nbroken")) << error.message;
  EXPECT_NE(error.hint.find("build/build.log"), std::string::npos);
}

TEST_F(Folder, StopsARecipeAtItsFirstFailingLine) {
  function("source: {runtime: bash}\n  handler: {command: [./h]}\n");
  write("build.sh", "false\ntouch \"$OUT/h\"\n");
  EXPECT_FALSE(prepare());
}

TEST_F(Folder, WithoutARecipeIsDeployedAsItIs) {
  function("source: {runtime: python3}\n  handler: {command: [python3, h.py]}\n");
  write("h.py", "print()");
  write("README.md", "for people");
  write("build/old", "");
  ASSERT_TRUE(prepare());
  EXPECT_TRUE(fs::exists(folder.path() / "build/package/h.py"));
  EXPECT_FALSE(fs::exists(folder.path() / "build/package/README.md"));
  EXPECT_FALSE(fs::exists(folder.path() / "build/package/build"));
}

TEST_F(Folder, TakesTheOneObjectOfAnOffloadedFunction) {
  function("offload: {convention: mem}\n");
  write("build.sh", "printf ELF > \"$OUT/a.o\"\n");
  const auto prepared = prepare();
  ASSERT_TRUE(prepared) << prepared.error().text();
  EXPECT_EQ(prepared->spec.offload->object, "ELF");
  write("build.sh", "printf ELF > \"$OUT/a.o\"; cp \"$OUT/a.o\" \"$OUT/b.o\"\n");
  EXPECT_NE(prepare().error().message.find("there are 2"), std::string::npos);
}

TEST_F(Folder, RefusesANameThatIsNoLabelBeforeItBuilds) {
  write("function.yaml",
        "apiVersion: faisca.dev/v1alpha1\nkind: Function\nmetadata: {name: ../up}\nspec: {source: {runtime: "
        "c}}\n");
  write("build.sh", "touch built\n");
  EXPECT_EQ(prepare().error().code, Code::kInvalidArgument);
  EXPECT_FALSE(fs::exists(folder.path() / "built"));
}

TEST(Template, EveryOneMakesAValidFunctionOfTheGivenName) {
  const std::vector<std::string> names = template_names();
  EXPECT_EQ(names, (std::vector<std::string>{"bash", "c", "c-ebpf", "cpp", "node", "python3", "xdp"}));
  for (const std::string& name : names) {
    const TemporaryFolder folder;
    const fs::path target = folder.path() / "mine";
    ASSERT_TRUE(write_template(name, "mine", target));
    const auto function = read_function_folder(target);
    ASSERT_TRUE(function) << name << function.error().text();
    EXPECT_EQ(function->metadata.name, "mine");
    for (const auto& file : fs::recursive_directory_iterator(target))
      if (file.is_regular_file())
        EXPECT_EQ(read_file(file.path())->find(kTemplateName), std::string::npos) << file.path();
  }
}

TEST(Template, NeverWritesIntoAFolderThatIsThere) {
  const TemporaryFolder folder;
  EXPECT_EQ(write_template("c", "mine", folder.path()).error().code, Code::kAlreadyExists);
}

TEST(Template, NamesTheNearestForAMistypedOne) {
  const Error error = write_template("pyton3", "mine", "mine").error();
  EXPECT_EQ(error.code, Code::kNotFound);
  EXPECT_NE(error.hint.find("\"python3\""), std::string::npos);
}

}  // namespace
}  // namespace faisca::cli
