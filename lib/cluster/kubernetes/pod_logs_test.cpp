#include "lib/cluster/kubernetes/pod_logs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

namespace faisca::cluster {
namespace {

using kube::Json;
using ::testing::Contains;
using ::testing::Pair;

// An API server with pods that print. A log that is followed goes on as long as its pod is there.
class Pods final : public kube::Client {
 public:
  void start(const std::string& name, const std::string& phase = "Running") {
    std::lock_guard lock(mutex_);
    pods_[name].phase = phase;
    changed_.notify_all();
  }
  void print(const std::string& name, const std::string& line) {
    std::lock_guard lock(mutex_);
    pods_[name].lines.push_back(line);
    changed_.notify_all();
  }
  void end(const std::string& name) {
    std::lock_guard lock(mutex_);
    pods_.erase(name);
    changed_.notify_all();
  }
  // Ends every log that is followed, as a kubelet's restart does.
  void cut() {
    std::lock_guard lock(mutex_);
    ++cuts_;
    changed_.notify_all();
  }
  std::optional<Error> fault;

  Result<Json> send(const kube::Request& request) override {
    if (fault) return fail(*fault);
    EXPECT_EQ(request.path().substr(0, request.path().find('?')), "/api/v1/namespaces/team/pods");
    Json items = Json::array();
    std::lock_guard lock(mutex_);
    for (const auto& [name, pod] : pods_) {
      const auto selector =
          std::ranges::find(request.query, "fieldSelector", &std::pair<std::string, std::string>::first);
      if (selector != request.query.end() && selector->second != "metadata.name=" + name) continue;
      items.push_back({{"metadata", {{"name", name}, {"namespace", "team"}, {"uid", "uid-" + name}}},
                       {"spec", {{"containers", {{{"name", "mesh"}}, {{"name", "function"}}}}}},
                       {"status", {{"phase", pod.phase}}}});
    }
    return Json{{"items", items}};
  }

  Status stream(const kube::Request& request, const LineSink& line, std::stop_token stop) override {
    EXPECT_THAT(request.query, Contains(Pair("container", "function")));
    EXPECT_THAT(request.query, Contains(Pair("timestamps", "true")));
    const bool follow = std::ranges::find(request.query, "follow",
                                          &std::pair<std::string, std::string>::first) != request.query.end();
    std::unique_lock lock(mutex_);
    const int cuts = cuts_;
    for (size_t next = 0;; ++next) {
      const auto more = [&] {
        return !pods_.contains(request.key.name) || cuts_ != cuts ||
               pods_[request.key.name].lines.size() > next;
      };
      if (follow && !changed_.wait(lock, stop, more)) return fail(Code::kCancelled, "stopped");
      const auto pod = pods_.find(request.key.name);
      if (pod == pods_.end()) return fail(Code::kNotFound, "no such pod");
      if (cuts_ != cuts || next >= pod->second.lines.size()) return {};
      const std::string text = pod->second.lines[next];
      lock.unlock();
      const bool wanted = line(text);
      lock.lock();
      if (!wanted) return {};
    }
  }

 private:
  struct Pod {
    std::string phase;
    std::vector<std::string> lines;
  };
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, Pod> pods_;  // guarded by mutex_
  int cuts_ = 0;                     // guarded by mutex_
};

std::string at(int second, const std::string& text) {
  char time[64];
  std::snprintf(time, sizeof time, "2026-01-01T00:00:%02d.123456789Z ", second);
  return time + text;
}

LogQuery query(int tail = -1) { return {.function = {"hello", "team"}, .tail = tail}; }

std::string read(Pods& pods, const LogQuery& query) {
  std::string out;
  const Status status = read_pod_logs(
      pods, query, {}, [] { return true; },
      [&](const LogLine& line) {
        out += line.instance + ":" + line.text + " ";
        return true;
      });
  return status ? out : "error: " + status.error().text();
}

TEST(PodLine, IsATimeAndAText) {
  LogLine line;
  ASSERT_TRUE(parse_pod_line("2026-11-21T03:22:11.123456789Z  two  words", line));
  EXPECT_EQ(line.text, " two  words");
  EXPECT_EQ(line.time.time_since_epoch() % std::chrono::seconds(1), std::chrono::microseconds(123'456));
  ASSERT_TRUE(parse_pod_line("2026-11-21T03:22:11Z", line));
  EXPECT_EQ(line.text, "");
  for (const char* bad : {"", " ", "unable to retrieve container logs", "2026-11-21 03:22:11 x"})
    EXPECT_FALSE(parse_pod_line(bad, line)) << bad;
}

TEST(PodLogs, MergesPodsByTime) {
  Pods pods;
  pods.start("a");
  pods.start("b", "Succeeded");
  pods.start("c", "Pending");
  pods.print("a", at(1, "1"));
  pods.print("b", at(2, "2"));
  pods.print("a", at(3, "3"));
  pods.print("b", "no time in front");
  pods.print("c", at(4, "never started"));
  EXPECT_EQ(read(pods, query()), "a:1 b:2 a:3 ");
  EXPECT_EQ(read(pods, query(2)), "b:2 a:3 ");
  EXPECT_EQ(read(pods, query(0)), "");
  LogQuery one = query();
  one.instance = "b";
  EXPECT_EQ(read(pods, one), "b:2 ");
  LogQuery later = query();
  ASSERT_TRUE([&] {
    LogLine line;
    parse_pod_line(at(2, ""), line);
    later.since = line.time;
    return true;
  }());
  EXPECT_EQ(read(pods, later), "b:2 a:3 ");
  pods.fault = Error{Code::kPermissionDenied, "forbidden", "", {}};
  EXPECT_EQ(read(pods, query()), "error: forbidden");
}

TEST(PodLogs, KeepsTheNewestOfALongLog) {
  Pods pods;
  pods.start("a");
  for (int i = 0; i < 50; ++i) pods.print("a", at(i, std::string(9, 'x') + std::to_string(i % 10)));
  std::string out;
  EXPECT_TRUE(read_pod_logs(
      pods, query(), {.bytes = 30}, [] { return true; },
      [&](const LogLine& line) {
        out += line.text;
        return true;
      }));
  EXPECT_EQ(out, "xxxxxxxxx7xxxxxxxxx8xxxxxxxxx9");
}

// Follows; what happens after a line is the test's. Ends with the line "end".
std::string follow(Pods& pods, const std::function<void(const LogLine&)>& after,
                   std::atomic<bool>* exists = nullptr) {
  LogQuery following = query();
  following.follow = Follow::kYes;
  std::stop_source stop;
  following.cancel = stop.get_token();
  std::string out;
  const Status status = read_pod_logs(
      pods, following, {.look = std::chrono::milliseconds(5)}, [&] { return !exists || *exists; },
      [&](const LogLine& line) {
        out += line.instance + ":" + line.text + " ";
        if (line.text == "end") stop.request_stop();
        after(line);
        return true;
      });
  return status ? out : "error: " + status.error().text();
}

TEST(PodLogs, FollowsPodsThatComeLater) {
  Pods pods;
  pods.start("a");
  pods.print("a", at(1, "1"));
  EXPECT_EQ(follow(pods,
                   [&](const LogLine& line) {
                     if (line.text == "1") {
                       pods.start("b", "Pending");
                       pods.print("b", at(2, "2"));
                       pods.start("b", "Running");
                     }
                     if (line.text == "2") pods.print("a", at(3, "end"));
                   }),
            "a:1 b:2 a:end ");
}

TEST(PodLogs, GoesOnAfterACutWithoutRepeating) {
  Pods pods;
  pods.start("a");
  pods.print("a", at(1, "1"));
  pods.print("a", at(1, "same time"));
  pods.print("a", at(2, "2"));
  EXPECT_EQ(follow(pods,
                   [&](const LogLine& line) {
                     if (line.text != "2") return;
                     pods.cut();
                     pods.print("a", at(3, "end"));
                   }),
            "a:1 a:same time a:2 a:end ");
}

TEST(PodLogs, EndsWithTheFunction) {
  Pods pods;
  std::atomic<bool> exists = true;
  pods.start("a");
  pods.print("a", at(1, "1"));
  EXPECT_EQ(follow(
                pods,
                [&](const LogLine&) {
                  pods.end("a");
                  exists = false;
                },
                &exists),
            "a:1 ");
}

}  // namespace
}  // namespace faisca::cluster
