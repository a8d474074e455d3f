// The operator's figures for Prometheus. Thread: any.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "lib/base/clock.h"

namespace prometheus {
class Registry;
}

namespace faisca::operators {

enum class ReconcileEnd { kDone, kFailed };

class Metrics {
 public:
  Metrics();
  ~Metrics();

  void reconciled(ReconcileEnd end, Duration took);
  // A request that changes something: verb and plural of the resource, "ok" or the error's code.
  void wrote(std::string_view verb, std::string_view resource, std::string_view outcome);
  void queue(size_t waiting);
  void functions(size_t count);
  void leader(bool is);

  // In the text format that Prometheus reads.
  std::string text() const;

 private:
  struct Series;
  std::unique_ptr<Series> series_;
};

}  // namespace faisca::operators
