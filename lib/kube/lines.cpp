#include "lib/kube/lines.h"

namespace faisca::kube {

Result<bool> LineSplitter::feed(std::string_view bytes, const std::function<bool(std::string_view)>& line) {
  for (size_t end; (end = bytes.find('\n')) != std::string_view::npos; bytes.remove_prefix(end + 1)) {
    std::string_view whole = bytes.substr(0, end);
    if (!begun_.empty()) {
      begun_.append(whole);
      whole = begun_;
    }
    const bool wants_more = line(whole);
    begun_.clear();
    if (!wants_more) return false;
  }
  if (begun_.size() + bytes.size() > kLongest)
    return fail(Code::kOutOfRange, "a line of the answer is longer than 16 MiB");
  begun_.append(bytes);
  return true;
}

void LineSplitter::finish(const std::function<bool(std::string_view)>& line) {
  if (!begun_.empty()) line(begun_);
  begun_.clear();
}

}  // namespace faisca::kube
