#include "gateway/route/directory.h"

namespace faisca::gateway {

Directory::Directory(cluster::Cluster& cluster, MetricsOf metrics_of)
    : cluster_(cluster), metrics_of_(std::move(metrics_of)), table_(std::make_shared<Table>()) {
  subscription_ = cluster_.subscribe([this] { refresh(); });
  refresh();
}

Directory::~Directory() { stop(); }

void Directory::stop() { subscription_.reset(); }

void Directory::refresh() {
  std::lock_guard lock(mutex_);
  const cluster::SnapshotPtr snapshot = cluster_.snapshot();
  if (snapshot->version < table_->version) return;
  table_ = build_table(*snapshot, *table_, metrics_of_);
  // After the table: who sees the new number takes the mutex and finds the new table.
  generation_.store(snapshot->version + 1, std::memory_order_release);
  for (const auto& changed : listeners_) changed();
}

void Directory::add_listener(std::function<void()> changed) {
  std::lock_guard lock(mutex_);
  listeners_.push_back(std::move(changed));
}

void Directory::update(TablePtr& cached) const {
  if (cached && cached->version + 1 == generation_.load(std::memory_order_acquire)) return;
  std::lock_guard lock(mutex_);
  cached = table_;
}

}  // namespace faisca::gateway
