// One handler process from start to end: its pipes, its pidfd, its process group. Knows nothing of HTTP.
//
// stdin, stdout, stderr and the end of the process are watched together, so that no order of the handler's
// doings can block the watchdog: one that never reads, closes its output early, or ends while a child of it
// holds the pipes. The run ends when the process itself has ended and what it had written is read; its
// process group gets SIGKILL then. Small bodies are put into the pipe before the process starts, and cost no
// event. Thread: its reactor's. Reused for many processes, one after the other.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lib/process/spawn.h"
#include "lib/process/wait.h"
#include "watchdog/process/known_children.h"
#include "watchdog/process/pipes.h"
#include "watchdog/server/reactor.h"

namespace faisca::watchdog {

enum class Stderr { kJoinStdout, kSeparate };

class ProcessRun final : public EventTarget {
 public:
  class Listener {
   public:
    // False stops reading stdout until resume_output().
    virtual bool on_stdout(std::string_view data) = 0;
    virtual void on_stderr(std::string_view data) = 0;
    // All of the input that was given is with the handler, or it does not want it.
    virtual void on_input_taken() = 0;
    // The last call; start() may follow when it has returned.
    virtual void on_end(process::Exit exit) = 0;

   protected:
    ~Listener() = default;
  };

  ProcessRun(Reactor& reactor, KnownChildren& known, PipeStock& pipes, Listener& listener);
  ~ProcessRun();

  struct Program {
    const char* path = nullptr;
    char* const* arguments = nullptr;
    char* const* environment = nullptr;
    Stderr stderr_to = Stderr::kJoinStdout;
  };
  enum class Input { kWhole, kMoreFollows };
  // `input` is copied as far as the pipe does not take it. On error nothing runs and on_end is not called.
  Status start(const Program& program, std::string_view input, Input more);

  void feed(std::string_view input);  // after kMoreFollows
  void end_input();
  size_t waiting_input() const { return input_.size() - input_start_; }
  void resume_output();
  // SIGKILL to the whole group; on_end follows, at once if only output was left to read. Output that still
  // comes must be taken (on_stdout returns true).
  void kill();
  bool running() const { return pid_ > 0; }

 private:
  enum Tag { kStdin, kStdout, kStderr, kExit, kWatchOutput };
  enum class Ended { kCertain, kMaybe };

  void on_event(int tag, uint32_t events) override;
  void write_input();
  void close_input();
  void read_output(int tag, uint32_t events);
  Status watch_output();
  void check_exit(Ended ended);
  void drain_rest(UniqueFd& fd, int tag);
  void maybe_end();
  void bury();

  Reactor& reactor_;
  KnownChildren& known_;
  PipeStock& pipes_;
  Listener& listener_;

  pid_t pid_ = -1;
  UniqueFd pidfd_, stdin_, stdout_, stderr_;
  Watch watch_exit_, watch_stdin_, watch_stdout_, watch_stderr_;
  Timer watch_output_at_;
  std::optional<process::Exit> exit_;
  std::string input_;  // what the pipe did not take yet
  size_t input_start_ = 0;
  bool input_ended_ = false;
  bool output_paused_ = false;
};

}  // namespace faisca::watchdog
