#include "cli/progress.h"

#include <array>
#include <chrono>
#include <ostream>

namespace faisca::cli {
namespace {

using std::chrono::milliseconds;
constexpr milliseconds kQuietFor{1000};
constexpr milliseconds kFrame{100};
constexpr std::array<const char*, 10> kFrames = {"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"};
constexpr char kEraseLine[] = "\r\033[K";

}  // namespace

Progress::Progress(const Context& context, std::string text) : text_(std::move(text)) {
  if (!context.err_terminal) return;
  err_ = context.err;
  thread_ = std::thread([this] { draw(); });
}

Progress::~Progress() {
  if (!err_) return;
  {
    std::lock_guard lock(mutex_);
    done_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Progress::set(std::string text) {
  std::lock_guard lock(mutex_);
  text_ = std::move(text);
}

void Progress::draw() {
  const auto start = std::chrono::steady_clock::now();
  std::unique_lock lock(mutex_);
  if (changed_.wait_for(lock, kQuietFor, [this] { return done_; })) return;
  for (size_t frame = 0; !done_; frame = (frame + 1) % kFrames.size()) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - start).count();
    *err_ << kEraseLine << kFrames[frame] << " " << text_ << " " << seconds << "s" << std::flush;
    changed_.wait_for(lock, kFrame, [this] { return done_; });
  }
  *err_ << kEraseLine << std::flush;
}

}  // namespace faisca::cli
