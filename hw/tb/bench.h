// What every test bench needs: a simulated block with a clock and a reset, and random numbers with a seed
// that is printed when a test fails and can be given again: FAISCA_SEED=n ctest ….
//
// Thread: one bench, one thread.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>

#include "verilated.h"

namespace faisca::tb {

// A Verilated block `Top` with clk_i and rst_ni. A cycle is: set inputs on `top`, settle(), look at outputs,
// clock().
template <class Top>
class Bench {
 public:
  Bench() {
    top.rst_ni = 0;
    cycle();
    cycle();
    top.rst_ni = 1;
    cycle();
  }
  ~Bench() { top.final(); }

  void settle() {
    top.clk_i = 0;
    top.eval();
  }
  void clock() {
    top.clk_i = 1;
    top.eval();
  }
  void cycle() {
    settle();
    clock();
  }

 private:
  VerilatedContext context_;

 public:
  Top top{&context_};
};

class Random {
 public:
  Random() : seed_(std::getenv("FAISCA_SEED") ? std::strtoull(std::getenv("FAISCA_SEED"), nullptr, 0) : 1) {
    engine_.seed(seed_);
  }

  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }
  // Numbers that arithmetic gets wrong: small, minus small, powers of two and their neighbours, anything.
  std::uint64_t number() {
    switch (below(5)) {
      case 0:
        return below(8);
      case 1:
        return ~below(8);
      case 2:
        return std::uint64_t{1} << below(64);
      case 3:
        return (std::uint64_t{1} << below(64)) - 1;
      default:
        return engine_() >> below(64);
    }
  }

  // For SCOPED_TRACE.
  std::string replay() const { return "replay with FAISCA_SEED=" + std::to_string(seed_); }

 private:
  std::uint64_t seed_;
  std::mt19937_64 engine_;
};

}  // namespace faisca::tb
