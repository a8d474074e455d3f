// The file that says "this instance serves": probes of kind exec look at it (OpenFaaS: /tmp/.lock).
// Thread: owned by the main thread; exists() from any.
#pragma once

#include <string>

#include "lib/base/result.h"

namespace faisca::watchdog {

class LockFile {
 public:
  enum class Use { kLock, kNone };
  // kNone: does nothing, and exists() is always true.
  LockFile(std::string path, Use use);
  ~LockFile();
  LockFile(const LockFile&) = delete;
  LockFile& operator=(const LockFile&) = delete;

  Status create();
  void remove();
  bool exists() const;

 private:
  const std::string path_;
  const Use use_;
  bool ours_ = false;
};

}  // namespace faisca::watchdog
