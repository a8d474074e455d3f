#include "lib/cluster/kubernetes/pod_logs.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "lib/base/log.h"
#include "lib/cluster/kubernetes/projection.h"
#include "lib/kube/api_error.h"
#include "lib/kube/object.h"
#include "lib/kube/time_text.h"

namespace faisca::cluster {
namespace {

using kube::Json;

constexpr size_t kQueuedLines = 1'000;
constexpr std::string_view kContainer = "function";
// The kubelet sends nothing while a function prints nothing: a silence this long is only looked into.
constexpr std::chrono::milliseconds kSilence{300'000};

struct Pod {
  std::string name;
  std::string uid;
  std::string container;
  bool started = false;  // a container that never ran has no log
};

// A mesh may have put containers beside ours.
std::string container_of(const Json& pod) {
  const Json& containers = kube::at(pod, "/spec/containers");
  if (!containers.is_array() || containers.empty()) return "";
  for (const Json& container : containers)
    if (kube::text_at(container, "/name") == kContainer) return std::string(kContainer);
  return kube::text_at(containers.front(), "/name");
}

Pod pod_of(const Json& object) {
  const std::string phase = kube::text_at(object, "/status/phase");
  return {kube::key_of(object).name, kube::uid_of(object), container_of(object),
          phase == "Running" || phase == "Succeeded" || phase == "Failed"};
}

Result<std::vector<Pod>> pods_of(kube::Client& client, const LogQuery& query, size_t most) {
  kube::ListOptions options{.space = query.function.name_space,
                            .label_selector = std::string(kFunctionLabel) + "=" + query.function.name,
                            .field_selector = query.instance.empty() ? "" : "metadata.name=" + query.instance,
                            .limit = static_cast<int>(most)};
  FAISCA_TRY(list, client.send(kube::list(kube::kPods, options)));
  std::vector<Pod> pods;
  const Json& items = kube::at(list, "/items");
  if (items.is_array())
    for (const Json& item : items) pods.push_back(pod_of(item));
  return pods;
}

kube::Request log_request(const LogQuery& query, const Pod& pod, WallTime since) {
  kube::Request request = kube::get(kube::kPods, {query.function.name_space, pod.name});
  request.subresource = "log";
  request.query.emplace_back("timestamps", "true");
  if (!pod.container.empty()) request.query.emplace_back("container", pod.container);
  // Whole seconds count there: the lines before are left out here.
  if (since > WallTime{}) request.query.emplace_back("sinceTime", kube::time_text(since));
  return request;
}

// A pod that goes away, or has no container yet, is no failure of the whole.
bool is_about_the_pod(const Error& error) {
  return kube::is_not_found(error) || error.code == Code::kInvalidArgument;
}

using ByTime = std::multimap<WallTime, LogLine>;

Status read_one(kube::Client& client, const LogQuery& query, const Pod& pod, const PodLogSettings& settings,
                ByTime& out) {
  kube::Request request = log_request(query, pod, query.since);
  if (query.tail >= 0) request.query.emplace_back("tailLines", std::to_string(query.tail));
  std::deque<LogLine> lines;
  size_t bytes = 0;
  const Status read = client.stream(
      request,
      [&](std::string_view text) {
        LogLine line;
        line.instance = pod.name;
        if (!parse_pod_line(text, line) || line.time < query.since) return true;
        bytes += line.text.size();
        lines.push_back(std::move(line));
        for (; bytes > settings.bytes; lines.pop_front()) bytes -= lines.front().text.size();
        return true;
      },
      query.cancel);
  if (!read && !is_about_the_pod(read.error())) return read;
  for (LogLine& line : lines) out.emplace(line.time, std::move(line));
  return {};
}

Status read_whole(kube::Client& client, const LogQuery& query, const PodLogSettings& settings,
                  const std::function<bool(const LogLine&)>& sink) {
  FAISCA_TRY(pods, pods_of(client, query, settings.most_pods));
  ByTime lines;
  for (const Pod& pod : pods) {
    if (query.cancel.stop_requested()) return {};
    if (pod.started) FAISCA_CHECK_OK(read_one(client, query, pod, settings, lines));
  }
  size_t skip = query.tail >= 0 && lines.size() > static_cast<size_t>(query.tail)
                    ? lines.size() - static_cast<size_t>(query.tail)
                    : 0;
  for (const auto& [time, line] : lines) {
    if (skip > 0) {
      --skip;
    } else if (!sink(line)) {
      break;
    }
  }
  return {};
}

// Follows the pods of one function: readers put lines into a queue, the caller takes them out.
class Follower {
 public:
  Follower(kube::Client& client, const LogQuery& query, const PodLogSettings& settings)
      : client_(client), query_(query), settings_(settings) {}
  ~Follower() {
    for (auto& [uid, reader] : readers_) reader.thread.request_stop();
  }

  Status run(const std::function<bool()>& exists, const std::function<bool(const LogLine&)>& sink) {
    FAISCA_CHECK_OK(look(query_.tail));
    SteadyTime next_look = std::chrono::steady_clock::now() + settings_.look;
    while (!query_.cancel.stop_requested()) {
      std::deque<LogLine> lines;
      {
        std::unique_lock lock(mutex_);
        news_.wait_until(lock, query_.cancel, next_look, [this] { return !lines_.empty(); });
        lines.swap(lines_);
      }
      room_.notify_all();
      for (const LogLine& line : lines)
        if (!sink(line)) return {};
      if (std::chrono::steady_clock::now() < next_look) continue;
      if (!exists()) return {};
      // The API server may be away for a while: lines come again when it is back.
      if (const Status looked = look(-1); !looked && !kube::is_transient(looked.error())) return looked;
      next_look = std::chrono::steady_clock::now() + settings_.look;
    }
    return {};
  }

 private:
  struct Reader {
    WallTime last{};      // of the newest line; guarded by mutex_
    bool ended = false;   // guarded by mutex_
    bool present = true;  // the pod was there at the last look
    std::jthread thread;
  };

  // Starts a reader for every pod without one. `tail` is for pods that were there when following began.
  Status look(int tail) {
    FAISCA_TRY(pods, pods_of(client_, query_, settings_.most_pods));
    for (auto& [uid, reader] : readers_) reader.present = false;
    for (const Pod& pod : pods) {
      const auto known = readers_.find(pod.uid);
      if (known != readers_.end()) known->second.present = true;
      if (!pod.started || (known == readers_.end() && readers_.size() >= settings_.most_pods)) continue;
      Reader& reader = readers_[pod.uid];
      if (reader.thread.joinable() && !has_ended(reader)) continue;
      const int wanted = reader.thread.joinable() ? -1 : tail;
      if (reader.thread.joinable()) reader.thread.join();
      reader.ended = false;
      reader.thread = std::jthread(
          [this, pod, &reader, wanted](std::stop_token stop) { read_on(pod, reader, wanted, stop); });
    }
    std::erase_if(readers_, [this](auto& entry) { return !entry.second.present && has_ended(entry.second); });
    return {};
  }

  bool has_ended(const Reader& reader) {
    std::lock_guard lock(mutex_);
    return reader.ended;
  }

  void read_on(const Pod& pod, Reader& reader, int tail, std::stop_token stop) {
    WallTime last;
    {
      std::lock_guard lock(mutex_);
      last = reader.last;
    }
    kube::Request request = log_request(query_, pod, std::max(query_.since, last));
    request.query.emplace_back("follow", "true");
    if (tail >= 0) request.query.emplace_back("tailLines", std::to_string(tail));
    request.timeout = kSilence;
    const Status ended = client_.stream(
        request,
        [&](std::string_view text) {
          LogLine line;
          line.instance = pod.name;
          if (!parse_pod_line(text, line) || line.time < query_.since || line.time <= last) return true;
          return put(std::move(line), reader, stop);
        },
        stop);
    if (!ended && !stop.stop_requested())
      log_debug("a pod's log ended", {{"pod", pod.name}, {"error", ended.error()}});
    std::lock_guard lock(mutex_);
    reader.ended = true;
  }

  bool put(LogLine line, Reader& reader, const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    if (!room_.wait(lock, stop, [this] { return lines_.size() < kQueuedLines; })) return false;
    reader.last = line.time;
    lines_.push_back(std::move(line));
    news_.notify_all();
    return true;
  }

  kube::Client& client_;
  const LogQuery& query_;
  const PodLogSettings& settings_;
  std::mutex mutex_;
  std::condition_variable_any news_, room_;
  std::deque<LogLine> lines_;              // guarded by mutex_
  std::map<std::string, Reader> readers_;  // by the pod's uid; the caller's thread
};

}  // namespace

bool parse_pod_line(std::string_view line, LogLine& out) {
  const size_t space = line.find(' ');
  const auto time = kube::parse_time(line.substr(0, space));
  if (!time) return false;
  out.time = *time;
  out.text = space == std::string_view::npos ? "" : line.substr(space + 1);
  return true;
}

Status read_pod_logs(kube::Client& client, const LogQuery& query, const PodLogSettings& settings,
                     const std::function<bool()>& exists, const std::function<bool(const LogLine&)>& sink) {
  if (query.follow == Follow::kNo) return read_whole(client, query, settings, sink);
  Follower follower(client, query, settings);
  return follower.run(exists, sink);
}

}  // namespace faisca::cluster
