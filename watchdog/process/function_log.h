// What a function says, as plain lines on the watchdog's stderr, where the supervisor or the container's log
// driver collects them: the contract's lines about each call, and the handler's own stderr.
//
// Lines are gathered and written together: at 4 KiB, 50 ms after the first, at flush(). A line costs no
// system call then. Lines longer than `max_line` are cut into several, so that a handler without newlines
// cannot fill the memory. Thread: owned by one reactor's thread; several share the descriptor, and write(2)
// keeps pieces up to 4 KiB whole.
#pragma once

#include <string>
#include <string_view>

#include "watchdog/server/reactor.h"

namespace faisca::watchdog {

class FunctionLog final : public EventTarget {
 public:
  // `fd` stays the caller's.
  FunctionLog(Reactor& reactor, int fd);
  ~FunctionLog();

  void line(std::string_view text);
  void line(std::string_view prefix, std::string_view text);
  void flush();

 private:
  void on_event(int tag, uint32_t events) override;

  int fd_;
  Timer timer_;
  std::string pending_;
};

// Splits a stream into lines for a FunctionLog. One per handler process.
class LineSplitter {
 public:
  LineSplitter(FunctionLog& log, std::string prefix, size_t max_line);
  void feed(std::string_view bytes);
  void end();  // logs what stands after the last newline

 private:
  FunctionLog& log_;
  std::string prefix_;
  size_t max_line_;
  std::string partial_;
};

}  // namespace faisca::watchdog
