#include "gateway/gateway.h"

#include <condition_variable>
#include <mutex>
#include <random>

#include "gateway/proxy/connection.h"
#include "gateway/proxy/shard.h"

namespace faisca::gateway {
namespace {

constexpr std::chrono::seconds kPruneEvery{10};

io::Task<> prune_pool(Shard& shard) {
  io::Waitable never(shard.reactor);
  while (!shard.draining) {
    const io::Wake wake = co_await never.wait(std::chrono::steady_clock::now() + kPruneEvery);
    if (wake == io::Wake::kStopped) break;
    shard.pool.prune(std::chrono::steady_clock::now());
  }
}

void drain(Shard& shard) {
  shard.draining = true;
  if (shard.listening != nullptr) shard.listening->reading().wake(io::Wake::kInterrupted);
  shard.table_changed.wake_all();
  for (Client* client : shard.clients) {
    if (client->idle) client->stream.source().reading().wake(io::Wake::kInterrupted);
  }
}

}  // namespace

struct Gateway::Parts {
  Parts(const ProxySettings& settings, cluster::Cluster& cluster, const Clock& clock)
      : directory(cluster,
                  [this](const cluster::FunctionState& function) {
                    return metrics.function(function.name(), function.name_space());
                  }),
        api(cluster, metrics, clock),
        log_streams(cluster),
        worker(settings.api_threads),
        shared{settings, directory, api, log_streams, worker} {}

  Metrics metrics;
  Directory directory;
  Api api;
  LogStreams log_streams;
  Worker worker;
  Shared shared;
  std::vector<std::unique_ptr<Shard>> shards;
};

Gateway::Gateway(Settings settings, cluster::Cluster& cluster, const Clock& clock)
    : settings_(settings), parts_(std::make_unique<Parts>(settings.proxy, cluster, clock)) {}

Gateway::~Gateway() { stop(); }

void Gateway::start(io::Listening listening) {
  std::random_device seed;
  for (UniqueFd& socket : listening.sockets) {
    parts_->shards.push_back(std::make_unique<Shard>(parts_->shared, (uint64_t{seed()} << 32) | seed()));
    Shard& shard = *parts_->shards.back();
    shard.reactor.spawn(accept_clients(shard, std::move(socket)));
    shard.reactor.spawn(prune_pool(shard));
  }
  parts_->directory.add_listener([parts = parts_.get()] {
    for (const auto& shard : parts->shards) {
      shard->reactor.post([at = shard.get()] { at->table_changed.wake_all(); });
    }
  });
  for (const auto& shard : parts_->shards) {
    threads_.emplace_back([at = shard.get()] { at->reactor.run(); });
  }
}

void Gateway::stop() {
  if (threads_.empty()) return;
  // Each reactor looks at its own connections; this thread only asks.
  std::mutex mutex;
  std::condition_variable changed;
  const auto open_connections = [&] {
    size_t open = 0;
    size_t answered = 0;
    for (const auto& shard : parts_->shards) {
      shard->reactor.post([&, at = shard.get()] {
        std::lock_guard lock(mutex);
        open += at->clients.size();
        ++answered;
        changed.notify_one();
      });
    }
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return answered == parts_->shards.size(); });
    return open;
  };
  for (const auto& shard : parts_->shards) {
    shard->reactor.post([at = shard.get()] { drain(*at); });
  }
  const SteadyTime deadline = std::chrono::steady_clock::now() + settings_.drain;
  while (open_connections() > 0 && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  for (const auto& shard : parts_->shards) shard->reactor.stop();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  parts_->log_streams.stop();
  parts_->directory.stop();
  for (const auto& shard : parts_->shards) shard->pool.clear();
}

}  // namespace faisca::gateway
