// Pipes made ahead of time: while a request is answered, not while it waits. Both ends are close-on-exec and
// blocking. Thread: owned by one reactor's thread.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <utility>
#include <vector>

#include "lib/base/unique_fd.h"

namespace faisca::watchdog {

struct Pipe {
  UniqueFd read, write;

  // False with errno when there are no descriptors left.
  bool open() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return false;
    read.reset(ends[0]);
    write.reset(ends[1]);
    return true;
  }
};

class PipeStock {
 public:
  bool take(Pipe& pipe) {
    if (spare_.empty()) return pipe.open();
    pipe = std::move(spare_.back());
    spare_.pop_back();
    return true;
  }
  // As many as the next process will most likely need: its stdin and its stdout.
  void restock() {
    for (Pipe pipe; spare_.size() < 2 && pipe.open();) spare_.push_back(std::move(pipe));
  }

 private:
  std::vector<Pipe> spare_;
};

}  // namespace faisca::watchdog
