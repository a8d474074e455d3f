// Keeps the platform's programs running: starts them, starts them again with back-off when they end, stops
// them in reverse order. Until `ready` a program that ends is a failed start; afterwards it is an accident.
//
// Thread: everything but `report` belongs to the thread that made it, which must be the one that lives
// longest: the programs die with it (PR_SET_PDEATHSIG). SIGINT, SIGTERM, SIGHUP and SIGCHLD must be blocked
// in every thread (block_signals, before the first one starts).
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/base/backoff.h"
#include "lib/base/result.h"
#include "lib/base/unique_fd.h"
#include "lib/process/spawn.h"
#include "lib/process/wait.h"

namespace faisca::cli {

struct Service {
  std::string name;  // for people and for the log: "gateway"
  process::Command command;
  std::filesystem::path log;  // gets stdout and stderr
};

struct SupervisorSettings {
  std::chrono::milliseconds stop_timeout{8'000};   // from SIGTERM to SIGKILL
  std::chrono::milliseconds stable_after{10'000};  // a program that ran longer starts the back-off anew
  Backoff::Settings restart{std::chrono::milliseconds(50), std::chrono::milliseconds(5'000), 2.0};
  std::function<void(const std::string&)> notice;  // told what people should know
};

Status block_signals();

class Supervisor {
 public:
  static Result<std::unique_ptr<Supervisor>> make(std::vector<Service> services, SupervisorSettings settings);
  // Stops what still runs.
  ~Supervisor();

  // Starts everything and runs until a signal asks for the end (success), or the start fails. Call `stop`
  // next.
  Status run();

  // From any thread: the start is complete, or has failed (`run` then stops everything and returns the
  // error).
  void report(Status start);

  // Stops everything, the last service first. Does nothing when all are stopped.
  void stop() { stop_all(); }

 private:
  struct Running;

  Supervisor(std::vector<Service> services, SupervisorSettings settings);
  Status open_descriptors();
  Status start(Running& service);
  void wait_for_events();
  Status take_reports();
  bool take_signals();
  Status reap();
  Status start_due();
  void stop_all();
  void end_orphans_now();

  SupervisorSettings settings_;
  std::vector<std::unique_ptr<Running>> services_;
  UniqueFd signals_;
  UniqueFd report_read_, report_write_;
  bool ready_ = false;
  bool impatient_ = false;  // a second signal came while stopping
  struct Report;
  std::unique_ptr<Report> report_;
};

}  // namespace faisca::cli
