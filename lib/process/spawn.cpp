#include "lib/process/spawn.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "lib/process/launch.h"
#include "lib/process/wait.h"

namespace faisca::process {
namespace {

using internal::Launch;
using internal::Outcome;
using internal::Step;

Error exec_error(const char* path, int number) {
  struct stat info{};
  const bool exists = ::stat(path, &info) == 0;
  const std::string what = "cannot start \"" + std::string(path) + "\": ";
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      if (exists)
        return {Code::kNotFound,
                what + "the interpreter that it names does not exist",
                "check its #! line, or for a binary that its loader (ld.so) is installed",
                {}};
      return {Code::kNotFound,
              what + "no such file",
              "check the path; it must exist on the machine that runs the function",
              {}};
    case EACCES:
    case EPERM:
      if (exists && S_ISDIR(info.st_mode))
        return {Code::kPermissionDenied, what + "it is a folder", "name the program in it", {}};
      return {Code::kPermissionDenied,
              what + "not executable",
              "chmod +x it, and check that its file system is not mounted noexec",
              {}};
    case ENOEXEC:
    case ELIBBAD:
      return {Code::kInvalidArgument,
              what + "not a program for this machine",
              "a script needs a #! line; a binary must be built for this CPU",
              {}};
    case E2BIG:
      return {Code::kOutOfRange, what + "arguments and environment are too large for the kernel", "", {}};
    default:
      return {Code::kInternal, what + std::strerror(number), "", {}};
  }
}

Error step_error(const RawCommand& command, Step step, int number) {
  switch (step) {
    case Step::kExec:
      return exec_error(command.path, number);
    case Step::kFolder:
      return errno_error(number, "cannot start \"" + std::string(command.path) + "\" in the folder \"" +
                                     command.folder + "\"");
    case Step::kDescriptors:
      return errno_error(number, "cannot pass descriptors to \"" + std::string(command.path) + "\"");
    default:
      return errno_error(number, "cannot prepare the process for \"" + std::string(command.path) + "\"");
  }
}

Error clone_error(int number) {
  Error error = errno_error(number, "cannot make a process");
  if (number == EAGAIN || number == ENOMEM || number == EMFILE || number == ENFILE) {
    error.code = Code::kResourceExhausted;
    error.hint = "too many processes, descriptors or too little memory: see ulimit -u, ulimit -n and free";
  }
  return error;
}

bool refused(int number) { return number == ENOSYS || number == EPERM || number == EINVAL; }

Status prepare(const RawCommand& command, Launch& launch) {
  if (command.fds.size() > kMaxFdMappings)
    return fail(Code::kInvalidArgument, std::to_string(command.fds.size()) + " descriptors for one process",
                "at most " + std::to_string(kMaxFdMappings));
  launch.command = &command;
  launch.parent = ::getpid();
  launch.fd_count = command.fds.size();
  std::copy(command.fds.begin(), command.fds.end(), launch.fds.begin());
  const auto end = launch.fds.begin() + static_cast<std::ptrdiff_t>(launch.fd_count);
  std::sort(launch.fds.begin(), end, [](FdMapping a, FdMapping b) { return a.to < b.to; });
  for (size_t i = 0; i < launch.fd_count; ++i)
    if (launch.fds[i].from < 0 || launch.fds[i].to < 0 || (i > 0 && launch.fds[i].to == launch.fds[i - 1].to))
      return fail(Code::kInvalidArgument, "bad descriptor mapping " + std::to_string(launch.fds[i].from) +
                                              " to " + std::to_string(launch.fds[i].to));
  if (launch.fd_count < 3 || launch.fds[2].to != 2)
    return fail(Code::kInvalidArgument, "descriptors 0, 1 and 2 of the process are not all given");
  return {};
}

std::vector<char*> null_ended(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (const std::string& text : texts) out.push_back(const_cast<char*>(text.c_str()));
  out.push_back(nullptr);
  return out;
}

}  // namespace

Result<Child> spawn(const RawCommand& command) {
  Launch launch;
  FAISCA_CHECK_OK(prepare(command, launch));
  Outcome outcome = internal::launch_with_clone3(launch);
  if (outcome.pid < 0 && refused(outcome.error)) outcome = internal::launch_with_posix_spawn(launch);
  const Step failed_step = launch.step;
  if (outcome.pid < 0)
    return fail(failed_step == Step::kNone ? clone_error(outcome.error)
                                           : step_error(command, failed_step, launch.error));
  Child child{outcome.pid, UniqueFd(outcome.pidfd)};
  if (failed_step != Step::kNone) {
    (void)wait(child.pidfd.get());
    return fail(step_error(command, failed_step, launch.error));
  }
  return child;
}

Result<Child> spawn(const Command& command) {
  const std::vector<std::string> only_name = {command.path};
  const std::vector<char*> arguments = null_ended(command.arguments.empty() ? only_name : command.arguments);
  const std::vector<char*> environment = null_ended(command.environment);
  std::vector<FdMapping> fds = command.fds;
  UniqueFd nothing;
  for (int standard = 0; standard < 3; ++standard) {
    if (std::any_of(fds.begin(), fds.end(), [&](FdMapping map) { return map.to == standard; })) continue;
    if (!nothing) nothing.reset(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!nothing) return fail(errno_error(errno, "cannot open /dev/null"));
    fds.push_back({nothing.get(), standard});
  }
  RawCommand raw;
  raw.path = command.path.c_str();
  raw.arguments = arguments.data();
  raw.environment = environment.data();
  raw.folder = command.folder.empty() ? nullptr : command.folder.c_str();
  raw.fds = fds;
  raw.group = command.group;
  raw.on_parent_death = command.on_parent_death;
  return spawn(raw);
}

}  // namespace faisca::process
