#include "hw/agent/runner.h"

#include <utility>

#include "lib/base/log.h"

namespace faisca::agent {

Runner::Runner(std::unique_ptr<Executor> executor, Queue& queue, Stats& stats, const Clock& clock)
    : executor_(std::move(executor)), queue_(queue), stats_(stats), clock_(clock), thread_([this] {
        work();
      }) {}

Runner::~Runner() {
  queue_.close();
  thread_.join();
}

void Runner::work() {
  while (JobPtr job = queue_.take()) {
    auto outcome = executor_->run(job->program, job->input, [&] { return may_go_on(*job); });
    stats_.record(*job->program, outcome);
    if (!outcome && log_enabled(LogLevel::kDebug))
      log_debug("run failed", {{"function", job->program->function}, {"error", outcome.error()}});
    job->finish(std::move(outcome));
  }
}

Status Runner::may_go_on(const Job& job) {
  queue_.expire();
  if (job.cancelled) return fail(Code::kCancelled, "the caller went away while the program ran");
  if (job.deadline <= clock_.now())
    return fail(Code::kDeadlineExceeded, "the caller's deadline passed while the program ran",
                "allow more time (spec.timeouts.exec), or make the program shorter");
  return {};
}

}  // namespace faisca::agent
