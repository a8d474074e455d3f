// A spinner on stderr for work that takes over a second; nothing when stderr is not a terminal.
//
//   Progress progress(context, "building hello");   // … shows "⠙ building hello 3s" until it goes out of
//   scope
//
// Thread: one of its own draws; `set` may be called from any thread.
#pragma once

#include <condition_variable>
#include <iosfwd>
#include <mutex>
#include <string>
#include <thread>

#include "cli/context.h"

namespace faisca::cli {

class Progress {
 public:
  Progress(const Context& context, std::string text);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Replaces the text.
  void set(std::string text);

 private:
  void draw();

  std::ostream* err_ = nullptr;  // null: silent
  std::mutex mutex_;             // guards text_, done_
  std::condition_variable changed_;
  std::string text_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace faisca::cli
