// /system/logs: what functions wrote, one JSON object a line.
#include <charconv>
#include <ctime>
#include <optional>

#include "gateway/system/api.h"
#include "lib/base/log.h"

namespace faisca::gateway {
namespace {

// The newest lines win when there are more: an answer is made whole in memory.
constexpr size_t kMostBytes = 8u << 20;

// RFC 3339 with whole or fractional seconds, "Z" or an offset.
std::optional<WallTime> parse_time(const std::string& text) {
  std::tm fields{};
  const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &fields);
  if (rest == nullptr) return std::nullopt;
  int64_t nanoseconds = 0;
  if (*rest == '.') {
    int64_t scale = 100'000'000;
    const char* first = ++rest;
    for (; *rest >= '0' && *rest <= '9'; ++rest, scale /= 10) nanoseconds += (*rest - '0') * scale;
    if (rest == first) return std::nullopt;
  }
  int offset_minutes = 0;
  if ((*rest == '+' || *rest == '-') && std::string_view(rest).size() == 6 && rest[3] == ':') {
    const auto two = [](const char* at) { return (at[0] - '0') * 10 + (at[1] - '0'); };
    offset_minutes = (two(rest + 1) * 60 + two(rest + 4)) * (*rest == '-' ? -1 : 1);
    rest += 6;
  } else if (*rest == 'Z' || *rest == 'z') {
    ++rest;
  } else {
    return std::nullopt;
  }
  if (*rest != '\0') return std::nullopt;
  const auto seconds = std::chrono::seconds(::timegm(&fields) - int64_t{60} * offset_minutes);
  return WallTime(
      std::chrono::duration_cast<WallTime::duration>(seconds + std::chrono::nanoseconds(nanoseconds)));
}

std::string print_time(WallTime time) {
  const auto since = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const auto nanoseconds = std::chrono::duration_cast<std::chrono::nanoseconds>(since - seconds).count();
  const auto whole = static_cast<std::time_t>(seconds.count());
  std::tm fields{};
  ::gmtime_r(&whole, &fields);
  char text[40];
  const size_t size = ::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &fields);
  std::string fraction = std::to_string(1'000'000'000 + nanoseconds);
  fraction[0] = '.';
  return std::string(text, size) + fraction + "Z";
}

Answer no_function(const cluster::FunctionId& id) {
  return error_answer(404, "gateway to cluster",
                      "no function \"" + id.name + "\" is deployed in namespace \"" + id.name_space + "\"",
                      "list what is with: faisca list");
}

}  // namespace

void append_log_line(std::string& out, const cluster::FunctionId& function, const cluster::LogLine& line) {
  out += "{\"name\":" + json_quote(function.name) + ",\"namespace\":" + json_quote(function.name_space) +
         ",\"instance\":" + json_quote(line.instance) + ",\"timestamp\":\"" + print_time(line.time) +
         "\",\"text\":" + json_quote(line.text) + "}\n";
}

Api::Following Api::following(const ApiRequest& request) const {
  if (request.method != "GET" || request.path != "/system/logs") return {};
  const std::string follow = request.parameter("follow");
  if (follow != "true" && follow != "1") return {};
  cluster::LogQuery query;
  if (auto refusal = read_log_query(request, query)) return {{}, std::move(refusal)};
  if (!cluster_.snapshot()->find(query.function)) return {{}, no_function(query.function)};
  query.follow = cluster::Follow::kYes;
  return {std::move(query), {}};
}

void Api::count_followed(int status, SteadyTime began) {
  const std::chrono::duration<double> seconds = clock_.now() - began;
  metrics_.api_request("GET", "/system/logs", status, seconds.count());
}

// An answer if something is wrong with it.
std::optional<Answer> Api::read_log_query(const ApiRequest& request, cluster::LogQuery& query) const {
  query.instance = request.parameter("instance");
  query.function = id_of(request.parameter("name"), request.parameter("namespace"));
  if (query.function.name.empty()) {
    return error_answer(400, kClientHop, "the parameter name is missing",
                        "ask for /system/logs?name=FUNCTION");
  }
  if (const std::string since = request.parameter("since"); !since.empty()) {
    const auto time = parse_time(since);
    if (!time) {
      return error_answer(400, kClientHop, "since = \"" + since + "\" is not a time of RFC 3339",
                          "write it like 2026-01-31T12:00:00Z");
    }
    query.since = *time;
  }
  if (const std::string tail = request.parameter("tail"); !tail.empty()) {
    const auto [end, error] = std::from_chars(tail.data(), tail.data() + tail.size(), query.tail);
    if (error != std::errc() || end != tail.data() + tail.size() || query.tail < -1) {
      return error_answer(400, kClientHop, "tail = \"" + tail + "\" is not a number of lines",
                          "write it like 100");
    }
  }
  return std::nullopt;
}

Answer Api::logs(const ApiRequest& request, const std::string&) {
  cluster::LogQuery query;
  if (auto refusal = read_log_query(request, query)) return std::move(*refusal);
  Answer answer;
  answer.content_type = "application/x-ndjson";
  const Status read = cluster_.logs(query, [&](const cluster::LogLine& line) {
    append_log_line(answer.body, query.function, line);
    if (answer.body.size() > 2 * kMostBytes) answer.body.erase(0, answer.body.find('\n', kMostBytes) + 1);
    return true;
  });
  if (!read) return error_answer(read.error(), "gateway to cluster");
  if (answer.body.size() > kMostBytes) {
    answer.body.erase(0, answer.body.find('\n', answer.body.size() - kMostBytes) + 1);
  }
  return answer;
}

}  // namespace faisca::gateway
