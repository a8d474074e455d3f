#include "cli/function/recipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "lib/base/files.h"
#include "lib/base/unique_fd.h"
#include "lib/process/executable.h"
#include "lib/process/spawn.h"
#include "lib/process/wait.h"

namespace faisca::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kScript[] = "build.sh";
constexpr char kMakefile[] = "Makefile";
constexpr size_t kShownLines = 20;

std::string search_path(const std::vector<std::string>& environment) {
  for (const std::string& entry : environment)
    if (entry.starts_with("PATH=")) return entry.substr(5);
  return "/usr/local/bin:/usr/bin:/bin";
}

std::string last_lines(const std::string& text, size_t count) {
  size_t at = text.size();
  for (size_t lines = 0; at > 0; --at)
    if (text[at - 1] == '\n' && at != text.size() && ++lines == count) break;
  return text.substr(at);
}

Result<process::Command> command_of(const Recipe& recipe) {
  process::Command command;
  const bool script = fs::exists(recipe.folder / kScript);
  FAISCA_TRY(program, process::find_executable(script ? "sh" : "make", "", search_path(recipe.environment)));
  command.path = program;
  command.arguments = script ? std::vector<std::string>{"sh", "-eu", kScript}
                             : std::vector<std::string>{"make", "-s", "OUT=" + recipe.output.string()};
  command.environment = recipe.environment;
  std::erase_if(command.environment, [](const std::string& entry) { return entry.starts_with("OUT="); });
  command.environment.push_back("OUT=" + recipe.output.string());
  command.folder = recipe.folder.string();
  command.group = process::Group::kInherit;  // Ctrl-C ends it, too
  return command;
}

}  // namespace

bool has_recipe(const fs::path& folder) {
  return fs::exists(folder / kScript) || fs::exists(folder / kMakefile);
}

Status run_recipe(const Recipe& recipe) {
  std::error_code error;
  fs::remove_all(recipe.output, error);
  FAISCA_CHECK_OK(make_folder(recipe.output));
  FAISCA_TRY(command, command_of(recipe));
  const UniqueFd log(::open(recipe.log.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!log) return fail(errno_error(errno, "writing " + recipe.log.string()));
  command.fds = {{log.get(), STDOUT_FILENO}, {log.get(), STDERR_FILENO}};
  FAISCA_TRY(child, process::spawn(command));
  FAISCA_TRY(ended, process::wait(child.pidfd.get()));
  if (ended.success()) return {};
  std::string output = read_file(recipe.log).value_or("");
  while (output.ends_with('\n')) output.pop_back();
  return fail(Code::kFailedPrecondition,
              "the build recipe of " + recipe.folder.string() + " " + ended.text() +
                  (output.empty() ? "" : ":\n" + last_lines(output, kShownLines)),
              "the whole output is in " + recipe.log.string());
}

}  // namespace faisca::cli
