#include "lib/base/backoff.h"

#include <algorithm>
#include <cmath>

namespace faisca {

Backoff::Backoff(Settings settings, uint64_t seed) : settings_(settings), random_(seed) {}

std::chrono::milliseconds Backoff::next() {
  const double longest = static_cast<double>(settings_.longest.count());
  const double grown = static_cast<double>(settings_.first.count()) * std::pow(settings_.factor, tries_);
  const double wait = std::min(longest, grown);
  if (grown < longest) ++tries_;
  std::uniform_real_distribution<double> jitter(wait / 2, wait);
  return std::chrono::milliseconds(static_cast<int64_t>(jitter(random_)));
}

}  // namespace faisca
