// An agent in memory: programs that it knows, failures on demand, restarts. Thread: one.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "deviceplugin/agent/agent.h"

namespace faisca::deviceplugin {

class FakeAgent final : public Agent {
 public:
  FakeAgent() { restart(); }

  void restart() {
    now.instance = "start-" + std::to_string(++starts_);
    now.programs.clear();
    now.counters.clear();
  }
  void go_away() { away = true; }
  void come_back() { away = false; }
  void run(const std::string& id, std::uint64_t times) {
    for (FunctionCounters& row : now.counters)
      if (row.program_id == id) row.invocations += times;
  }
  void forget(const std::string& id) { std::erase(now.programs, id); }

  Result<AgentState> state() override {
    if (away) return fail(Code::kUnavailable, "the agent does not answer");
    return now;
  }
  Result<std::string> load(const ProgramToLoad& program) override {
    calls.push_back("load " + program.function);
    if (away) return fail(Code::kUnavailable, "the agent does not answer");
    if (refuse) return fail(*refuse);
    const std::string id = program.function + "#" + program.object;
    forget(id);
    now.programs.push_back(id);
    now.counters.push_back({.program_id = id});
    return id;
  }
  Status unload(const std::string& id) override {
    calls.push_back("unload " + id);
    forget(id);
    return {};
  }

  AgentState now{.device = "verilated/0",
                 .engines = 2,
                 .threads = 1,
                 .instructions = 4096,
                 .data_bytes = 262'144,
                 .memory_bytes = 65'536,
                 .clock_hz = 200'000'000};
  bool away = false;
  std::optional<Error> refuse;  // what load answers
  std::vector<std::string> calls;

 private:
  int starts_ = 0;
};

}  // namespace faisca::deviceplugin
