// Processes of instances that outlived their watchdog, found in /proc by the marks in their environment
// (environment.h). Linux only. Thread: any.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace faisca::cluster {

// Kills (SIGKILL) every process that carries the marks of `home` and of one of `instances`. Never this
// process. Returns their pids. One look can miss a process that is just being forked or replaced by execve:
// look again after a pause.
std::vector<pid_t> kill_marked(const std::filesystem::path& home, const std::vector<std::string>& instances);

// The same for all instances of `home`, repeated until two looks found none and they are gone; at most about
// 2 s. Returns how many there were.
size_t end_marked(const std::filesystem::path& home);

// Reaps zombies that fell to this process (a child subreaper) and belong to `session`.
void reap_session(pid_t session);

// Reaps those of `pids` that are this process's children and have ended. Removes what is gone from `pids`.
void reap_gone(std::vector<pid_t>& pids);

}  // namespace faisca::cluster
