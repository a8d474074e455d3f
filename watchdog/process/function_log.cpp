#include "watchdog/process/function_log.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace faisca::watchdog {
namespace {

constexpr size_t kFlushBytes = 4096;
constexpr Duration kFlushAfter = std::chrono::milliseconds(50);

}  // namespace

FunctionLog::FunctionLog(Reactor& reactor, int fd) : fd_(fd), timer_(reactor, *this, 0) {}

FunctionLog::~FunctionLog() { flush(); }

void FunctionLog::line(std::string_view text) { line({}, text); }

void FunctionLog::line(std::string_view prefix, std::string_view text) {
  const size_t size = prefix.size() + text.size() + 1;
  if (pending_.size() + size > kFlushBytes) flush();
  if (pending_.empty()) timer_.set_after(kFlushAfter);
  pending_ += prefix;
  pending_ += text;
  pending_ += '\n';
  if (size > kFlushBytes) flush();
}

void FunctionLog::flush() {
  timer_.clear();
  for (std::string_view rest = pending_; !rest.empty();) {
    const ssize_t count = ::write(fd_, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;  // nobody reads: the function goes on
    rest.remove_prefix(static_cast<size_t>(count));
  }
  pending_.clear();
}

void FunctionLog::on_event(int, uint32_t) { flush(); }

LineSplitter::LineSplitter(FunctionLog& log, std::string prefix, size_t max_line)
    : log_(log), prefix_(std::move(prefix)), max_line_(max_line) {}

void LineSplitter::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t newline = bytes.find('\n');
    const size_t take = std::min({newline == std::string_view::npos ? bytes.size() : newline, bytes.size(),
                                  max_line_ - partial_.size()});
    if (take == newline && partial_.empty()) {
      log_.line(prefix_, bytes.substr(0, take));
      bytes.remove_prefix(take + 1);
      continue;
    }
    partial_ += bytes.substr(0, take);
    bytes.remove_prefix(take);
    const bool whole = !bytes.empty() && bytes.front() == '\n';
    if (whole) bytes.remove_prefix(1);
    if (whole || partial_.size() >= max_line_) {
      log_.line(prefix_, partial_);
      partial_.clear();
    }
  }
}

void LineSplitter::end() {
  if (!partial_.empty()) log_.line(prefix_, partial_);
  partial_.clear();
}

}  // namespace faisca::watchdog
