#include "gateway/system/log_streams.h"

#include "gateway/system/api.h"

namespace faisca::gateway {

LogStream::Part LogStream::take() {
  Part part;
  {
    std::lock_guard lock(mutex_);
    part.lines.swap(lines_);
    part.ended = ended_;
    part.outcome = outcome_;
    told_ = false;
  }
  room_.notify_all();
  return part;
}

void LogStream::cancel() {
  {
    std::lock_guard lock(mutex_);
    wake_ = nullptr;
  }
  stop_.request_stop();
}

void LogStream::tell() {
  if (wake_ && !std::exchange(told_, true)) wake_();
}

bool LogStream::put(const cluster::LogLine& line) {
  std::unique_lock lock(mutex_);
  const bool room =
      room_.wait(lock, stop_.get_token(), [this] { return lines_.size() < kMostBytes || ended_; });
  if (!room || stop_.stop_requested()) return false;
  append_log_line(lines_, query_.function, line);
  tell();
  return true;
}

void LogStream::run(cluster::Cluster& cluster) {
  query_.cancel = stop_.get_token();
  Status outcome = cluster.logs(query_, [this](const cluster::LogLine& line) { return put(line); });
  std::lock_guard lock(mutex_);
  outcome_ = std::move(outcome);
  ended_ = true;
  told_ = false;
  tell();
}

std::shared_ptr<LogStream> LogStreams::start(cluster::LogQuery query, std::function<void()> wake) {
  std::lock_guard lock(mutex_);
  drop_ended();
  if (stopped_ || running_.size() >= kMost) return nullptr;
  auto stream = std::make_shared<LogStream>(std::move(query), std::move(wake));
  running_.push_back({stream, std::thread([this, stream] { stream->run(cluster_); })});
  return stream;
}

void LogStreams::drop_ended() {
  for (auto at = running_.begin(); at != running_.end();) {
    std::unique_lock lock(at->stream->mutex_);
    const bool ended = at->stream->ended_;
    lock.unlock();
    if (!ended) {
      ++at;
      continue;
    }
    at->thread.join();
    at = running_.erase(at);
  }
}

void LogStreams::stop() {
  std::list<Running> all;
  {
    std::lock_guard lock(mutex_);
    stopped_ = true;
    all.swap(running_);
  }
  for (Running& running : all) running.stream->cancel();
  for (Running& running : all) running.thread.join();
}

}  // namespace faisca::gateway
