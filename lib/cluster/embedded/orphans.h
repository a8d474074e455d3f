// Processes of instances that outlived their watchdog, found in /proc by the marks in their environment
// (environment.h). Linux only. Thread: any.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace faisca::cluster {

// Kills (SIGKILL) every process that carries the marks of `home` and `instance`; an empty `instance` stands
// for all. Never this process. Returns their pids.
std::vector<pid_t> kill_marked(const std::filesystem::path& home, const std::string& instance);

// Reaps zombies that fell to this process (a child subreaper) and belong to `session`.
void reap_session(pid_t session);

// Reaps those of `pids` that are this process's children and have ended. Removes what is gone from `pids`.
void reap_gone(std::vector<pid_t>& pids);

}  // namespace faisca::cluster
