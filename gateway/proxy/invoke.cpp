#include "gateway/proxy/invoke.h"

#include "gateway/proxy/admit.h"
#include "gateway/proxy/exchange.h"
#include "gateway/proxy/heads.h"
#include "lib/base/duration.h"
#include "lib/base/log.h"

namespace faisca::gateway {
namespace {

using std::chrono::steady_clock;

bool is_allowed(std::string_view method) {
  for (std::string_view known : {"POST", "GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}) {
    if (method == known) return true;
  }
  return false;
}

// The newest entry of the function; null if it was removed.
EntryPtr find_entry(Shard& shard, std::string_view function) {
  shard.shared.directory.update(shard.table);
  const EntryPtr* found = shard.table->find(function);
  return found == nullptr ? nullptr : *found;
}

Answer unknown_function(std::string_view function) {
  return error_answer(404, kClientHop, "no function \"" + std::string(function) + "\" is deployed",
                      "list what is with: faisca list");
}

Answer no_instance(const Entry& entry, std::string_view why) {
  const std::string& reason = entry.state->reason;
  std::string message = "no instance of " + entry.state->function.metadata.name + " can take the request";
  if (!why.empty()) message += ": " + std::string(why);
  if (!reason.empty()) message += ": " + reason;
  const std::string name = entry.state->function.metadata.name;
  Answer answer = error_answer(503, "gateway to instance of " + name, message,
                               entry.state->replicas == 0 ? "start one with: faisca scale " + name + " 1"
                                                          : "see why with: faisca logs " + name);
  answer.headers.push_back({"Retry-After", "1"});
  return answer;
}

Answer busy(const Entry& entry) {
  const api::Function& function = entry.state->function;
  Answer answer =
      error_answer(429, "gateway to instance of " + function.metadata.name,
                   "every instance works on concurrency.perInstance = " +
                       std::to_string(function.spec.concurrency.per_instance) + " requests",
                   "try again, raise spec.concurrency.perInstance, or add instances with: faisca scale " +
                       function.metadata.name + " N");
  answer.headers.push_back({"Retry-After", "1"});
  return answer;
}

// An instance and a connection to it, or the answer that says why not; neither when the client left.
struct Reached {
  EntryPtr entry;
  Lease lease;
  std::unique_ptr<io::Stream> stream;
  Exchange::Connection connection = Exchange::Connection::kFresh;
  std::optional<Answer> refusal;
};

// Waits for an instance until `deadline`. Instances that cannot be connected to are left aside: there is
// another, or the cluster is about to say that they are gone.
io::Task<Reached> reach(Client& client, EntryPtr entry, SteadyTime deadline, bool pooled) {
  Shard& shard = client.shard;
  std::vector<InstancePtr> unreachable;
  std::string why;
  for (;;) {
    Admitted admitted = admit(*entry, shard.turn++, unreachable);
    if (admitted.admission == Admission::kBusy) co_return Reached{entry, {}, nullptr, {}, busy(*entry)};
    if (admitted.admission == Admission::kAdmitted) {
      const InstancePtr instance = admitted.lease.instance();
      if (pooled) {
        if (auto stream = shard.pool.take(instance, steady_clock::now())) {
          co_return Reached{
              entry, std::move(admitted.lease), std::move(stream), Exchange::Connection::kPooled, {}};
        }
      }
      const SteadyTime connect_by = steady_clock::now() + shard.shared.settings.connect;
      io::Connected connected = co_await io::connect(shard.reactor, instance->endpoint.address,
                                                     instance->endpoint.port, connect_by);
      if (connected.stream) {
        co_return Reached{
            entry, std::move(admitted.lease), std::move(connected.stream), Exchange::Connection::kFresh, {}};
      }
      unreachable.push_back(instance);
      why = "cannot connect to " + instance->endpoint.address + ":" +
            std::to_string(instance->endpoint.port) + ": " + connected.io.text();
      continue;
    }
    if (entry->state->replicas == 0)
      co_return Reached{entry, {}, nullptr, {}, no_instance(*entry, "scaled to 0")};
    if (steady_clock::now() >= deadline || shard.draining) {
      co_return Reached{entry, {}, nullptr, {}, no_instance(*entry, why)};
    }
    const EntryPtr before = entry;
    if (client.stream.source().hung_up()) co_return Reached{entry, {}, nullptr, {}, std::nullopt};
    const io::Wake wake = co_await shard.table_changed.wait(deadline, &client.stream.source());
    if (wake == io::Wake::kInterrupted || wake == io::Wake::kStopped) {
      co_return Reached{entry, {}, nullptr, {}, std::nullopt};
    }
    entry = find_entry(shard, client.call.function);
    if (!entry) co_return Reached{before, {}, nullptr, {}, unknown_function(client.call.function)};
    if (entry != before) unreachable.clear();
  }
}

io::Task<Outcome> attempt(Client& client, EntryPtr entry, BodySource& body) {
  Shard& shard = client.shard;
  const SteadyTime wait_until = client.call.began + shard.shared.settings.instance_wait;
  bool pooled = true;
  for (;;) {
    Reached reached = co_await reach(client, entry, wait_until, pooled);
    if (reached.refusal) co_return co_await reply(client, *reached.refusal, body.discard_buffered());
    if (!reached.stream) co_return Outcome{499, false};
    entry = reached.entry;
    const api::Timeouts& timeouts = entry->state->function.spec.timeouts;
    const SteadyTime now = steady_clock::now();
    Exchange exchange(client, body, *reached.lease.instance(), *reached.stream, reached.connection,
                      {.request = now + timeouts.read,
                       .response = now + timeouts.exec + shard.shared.settings.exec_margin,
                       .write = timeouts.write});
    const Exchange::Result result = co_await exchange.run();
    if (result.keep_instance)
      shard.pool.put(reached.lease.instance(), std::move(reached.stream), steady_clock::now());
    switch (result.kind) {
      case Exchange::Result::kAnswered:
        co_return Outcome{result.status, result.keep_client};
      case Exchange::Result::kRefused:
        co_return co_await reply(client, result.answer, body.done());
      case Exchange::Result::kGone:
        client.stream.abort();
        co_return Outcome{result.status, false};
      case Exchange::Result::kStale:
        pooled = false;
        continue;
    }
  }
}

}  // namespace

io::Task<Outcome> invoke(Client& client, size_t head_size, std::string_view function, std::string_view rest,
                         http::Framing framing) {
  Shard& shard = client.shard;
  Call& call = client.call;
  if (!is_allowed(call.method)) {
    Answer answer = error_answer(405, kClientHop, "functions do not take the method " + call.method,
                                 "use POST, GET, PUT, DELETE, PATCH, HEAD or OPTIONS");
    answer.headers.push_back({"Allow", "POST, GET, PUT, DELETE, PATCH, HEAD, OPTIONS"});
    client.stream.input().consume(head_size);
    co_return co_await reply(client, answer, !framing.has_body());
  }
  call.function = function;
  const EntryPtr entry = find_entry(shard, function);
  const uint64_t limit = entry ? entry->state->function.spec.max_body_bytes : 0;
  client.head_to_instance.clear();
  if (entry) write_instance_head(client.head_to_instance, client.head, rest, call, framing, client.address);
  // From here on the head's views are gone.
  client.stream.input().consume(head_size);
  BodySource body(client.stream, framing, limit);
  if (!entry) co_return co_await reply(client, unknown_function(call.function), body.discard_buffered());

  entry->metrics->started();
  Outcome outcome;
  if (framing.kind == http::BodyKind::kLength && framing.length > limit) {
    const Answer answer = error_answer(413, kClientHop,
                                       "the request body has " + std::to_string(framing.length) +
                                           " bytes, the limit is " + format_bytes(limit),
                                       "send less, or raise spec.maxBodyBytes of the function");
    outcome = co_await reply(client, answer, body.discard_buffered());
  } else if (const BodySource::Part part = body.buffered(); part.state == http::Piece::kBad) {
    // Seen before an instance is troubled with it.
    outcome =
        co_await reply(client, error_answer(part.problem.status, kClientHop, part.problem.reason), false);
  } else {
    outcome = co_await attempt(client, entry, body);
  }
  const std::chrono::duration<double> seconds = steady_clock::now() - call.began;
  entry->metrics->finished(outcome.status, seconds.count());
  if (log_enabled(LogLevel::kDebug)) {
    log_debug("invocation", {{"function", call.function},
                             {"call", call.id},
                             {"status", outcome.status},
                             {"seconds", seconds.count()}});
  }
  co_return outcome;
}

}  // namespace faisca::gateway
