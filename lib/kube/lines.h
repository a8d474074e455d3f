// Bytes as they come in, cut into lines. Internal to lib/kube. Thread: owned by one thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "lib/base/result.h"

namespace faisca::kube {

class LineSplitter {
 public:
  // A longer line is refused: etcd takes objects of 1.5 MiB.
  static constexpr size_t kLongest = 16u << 20;

  // Calls `line` for each complete line, without its end. False: `line` said so. kOutOfRange: a line is too
  // long.
  Result<bool> feed(std::string_view bytes, const std::function<bool(std::string_view)>& line);
  // The last line, if it has no end.
  void finish(const std::function<bool(std::string_view)>& line);

 private:
  std::string begun_;  // the line that has not ended
};

}  // namespace faisca::kube
