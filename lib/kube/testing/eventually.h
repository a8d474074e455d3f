// Waits for something that another thread or process brings about. For tests.
#pragma once

#include <chrono>
#include <thread>

namespace faisca::kube::testing {

// True as soon as `holds` does; false after `longest`, which is for failing tests only.
template <class Holds>
bool eventually(Holds holds, std::chrono::seconds longest = std::chrono::seconds(30)) {
  const auto deadline = std::chrono::steady_clock::now() + longest;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace faisca::kube::testing
