#include "cli/completion.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>

#include "cli/app.h"
#include "cli/testing/run.h"
#include "lib/base/files.h"

namespace faisca::cli {
namespace {

// What bash offers after these words, the last one unfinished.
std::string complete(const std::string& words) {
  const TemporaryFolder folder;
  const std::string script = (folder.path() / "completion.bash").string();
  if (!write_file_atomic(script, run({"completion", "bash"}).out)) return "no script";
  const std::string command =
      "bash --norc -c 'cd " + folder.path().string() + "; source " + script + "; COMP_WORDS=(" + words +
      "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _faisca; " + "echo \"${COMPREPLY[*]}\"' 2>&1";
  FILE* pipe = ::popen(command.c_str(), "r");
  std::string out;
  std::array<char, 4096> buffer;
  while (const size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe))
    out.append(buffer.data(), count);
  ::pclose(pipe);
  while (out.ends_with('\n')) out.pop_back();
  return out;
}

TEST(Completion, OffersCommandsOptionsAndFixedWordsInBash) {
  EXPECT_EQ(complete("faisca de"), "deploy describe");
  EXPECT_EQ(complete("faisca bpf \"\""), "check dump");
  EXPECT_EQ(complete("faisca completion z"), "zsh");
  EXPECT_EQ(complete("faisca logs hello --t"), "--tail");
  EXPECT_EQ(complete("faisca list --out"), "--output");
  EXPECT_EQ(complete("faisca list -o y"), "yaml");
  EXPECT_EQ(complete("faisca new --lang c"), "c c-ebpf cpp");
  EXPECT_EQ(complete("faisca bpf check comp"), "completion.bash");
}

TEST(Completion, KnowsEveryCommandInEveryShell) {
  Context context;
  Runs runs;
  const auto app = make_app(context, runs);
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = run({"completion", shell}).out;
    for (const CommandDescription& command : describe_commands(*app))
      for (const auto& [name, description] : command.commands)
        EXPECT_NE(script.find(name), std::string::npos) << shell << " " << name;
  }
}

TEST(Completion, QuotesApostrophesForFish) {
  EXPECT_NE(run({"completion", "fish"}).out.find("-d 'Build a function'\\''s folder'"), std::string::npos);
}

}  // namespace
}  // namespace faisca::cli
