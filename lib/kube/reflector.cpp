#include "lib/kube/reflector.h"

#include <malloc.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <unordered_set>

#include "lib/base/log.h"
#include "lib/kube/answer.h"
#include "lib/kube/api_error.h"
#include "lib/kube/object.h"

namespace faisca::kube {

ObjectHead head_of(const Json& object) {
  return {key_of(object), uid_of(object), resource_version_of(object)};
}

void log_unreadable(const ObjectHead& head, const Error& error) {
  log_warning("object is not understood and left out",
              {{"object", head.key.text()}, {"version", head.resource_version}, {"error", error}});
}

Reflector::Reflector(Client& client, ReflectorSettings settings, ReflectorSink& sink)
    : client_(client), settings_(std::move(settings)), sink_(sink), backoff_(settings_.backoff) {}

Reflector::~Reflector() { stop(); }

void Reflector::start() {
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

void Reflector::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  thread_.join();
}

bool Reflector::wait_synced(std::chrono::milliseconds longest) const {
  std::unique_lock lock(mutex_);
  return wake_.wait_for(lock, longest, [&] { return synced_.load(); });
}

ReflectorCounters Reflector::counters() const {
  std::lock_guard lock(mutex_);
  return counters_;
}

void Reflector::run(std::stop_token stop) {
  while (!stop.stop_requested()) {
    const Status outcome = resource_version_.empty() ? list_all(stop) : watch_once(stop);
    if (outcome) continue;
    if (stop.stop_requested()) return;
    note_failure(outcome.error());
    pause(stop);
  }
}

void Reflector::note_failure(const Error& error) {
  {
    std::lock_guard lock(mutex_);
    ++counters_.failures;
  }
  if (is_expired(error)) {  // ordinary after a long cut
    resource_version_.clear();
    log_info("listing again", {{"resource", settings_.resource.plural}, {"why", error}});
  } else {
    log_warning("lost the view of a resource; trying again",
                {{"resource", settings_.resource.plural}, {"error", error}});
  }
}

void Reflector::pause(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, stop, backoff_.next(), [] { return false; });
}

// Objects that are no longer there are found when the last page has come, so that a list that breaks off
// removes nothing.
Status Reflector::list_all(std::stop_token stop) {
  ListOptions options{settings_.space, settings_.label_selector, settings_.field_selector, settings_.page,
                      ""};
  std::unordered_set<ObjectKey> seen;
  std::string version;
  do {
    Request request = list(settings_.resource, options);
    request.stop = stop;
    FAISCA_TRY(page, client_.send(request));
    if (stop.stop_requested()) return {};
    version = text_at(page, "/metadata/resourceVersion");
    options.continue_token = text_at(page, "/metadata/continue");
    if (const auto items = page.find("items"); items != page.end() && items->is_array())
      for (const Json& object : *items) {
        seen.insert(key_of(object));
        sink_.upsert(object);
      }
  } while (!options.continue_token.empty());
  if (version.empty()) return fail(Code::kUnknown, "the list has no resourceVersion");
  for (const ObjectKey& key : sink_.keys())
    if (!seen.contains(key)) sink_.remove(key);
  resource_version_ = std::move(version);
  ::malloc_trim(0);  // a list needs much more for a moment than what is kept of it
  listed();
  return {};
}

void Reflector::listed() {
  bool first = false;
  {
    std::lock_guard lock(mutex_);
    ++counters_.lists;
    first = counters_.lists == 1;
  }
  if (!first) return;
  sink_.synced();
  {
    std::lock_guard lock(mutex_);
    synced_ = true;
  }
  wake_.notify_all();
}

Status Reflector::watch_once(std::stop_token stop) {
  static thread_local std::mt19937 random(std::random_device{}());
  const int64_t shortest = std::max<int64_t>(1, settings_.watch_time.count());
  const int64_t seconds = std::uniform_int_distribution<int64_t>(shortest, 2 * shortest)(random);
  Request request =
      list(settings_.resource, {settings_.space, settings_.label_selector, settings_.field_selector, 0, ""});
  request.query.emplace_back("watch", "1");
  request.query.emplace_back("allowWatchBookmarks", "true");
  request.query.emplace_back("resourceVersion", resource_version_);
  request.query.emplace_back("timeoutSeconds", std::to_string(seconds));
  request.timeout = settings_.silence;
  {
    std::lock_guard lock(mutex_);
    ++counters_.watches;
  }
  Status in_stream;
  bool any = false;
  const SteadyTime begun = std::chrono::steady_clock::now();
  const Status outcome = client_.stream(
      request,
      [&](std::string_view line) {
        any = true;
        return take_event(line, in_stream);
      },
      stop);
  FAISCA_CHECK_OK(in_stream);
  // A server that ends every watch at once must not be asked in a tight loop.
  const bool lasted = any || std::chrono::steady_clock::now() - begun > std::chrono::seconds(1);
  if (lasted) backoff_.reset();
  // Silence is how a dead connection looks; the next watch starts where this one was.
  if (!outcome) return outcome;
  if (!lasted) pause(stop);
  return {};
}

bool Reflector::take_event(std::string_view line, Status& outcome) {
  auto event = parse_answer(line);
  if (!event) {
    outcome = fail(std::move(event).error());
    return false;
  }
  const std::string type = text_at(*event, "/type");
  const Json& object = at(*event, "/object");
  if (type == "ERROR") {
    outcome = fail(api_error(object));
    return false;
  }
  if (type == "ADDED" || type == "MODIFIED") {
    sink_.upsert(object);
  } else if (type == "DELETED") {
    sink_.remove(key_of(object));
  } else if (type != "BOOKMARK") {
    outcome = fail(Code::kUnknown, "a watch event of type \"" + type + "\" is not known");
    return false;
  }
  if (std::string version = resource_version_of(object); !version.empty())
    resource_version_ = std::move(version);
  std::lock_guard lock(mutex_);
  ++(type == "BOOKMARK" ? counters_.bookmarks : counters_.events);
  return true;
}

}  // namespace faisca::kube
