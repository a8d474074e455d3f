// The agent, as a watchdog sees it: runs one program on request bodies. gRPC stays behind this header.
//
// The object goes to the agent once; later calls name the id that the agent gave. An agent that has forgotten
// it (restarted, or evicted) answers NOT_FOUND, and the call is repeated once with the object. Errors have
// the agent's codes and messages; no agent at all is kUnavailable with a hint. Ownership: one client per
// mode. Its destructor cancels what is in progress and waits for it. Thread: any; `done` is called on a
// thread of gRPC, exactly once, and must not block.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "api/types/function/function.h"
#include "lib/base/clock.h"
#include "lib/base/result.h"

namespace faisca::watchdog {

struct AgentProgram {
  std::string object;  // ELF
  std::string entry;   // empty: the only one
  std::string function;
  api::Convention convention = api::Convention::kMem;
};

struct AgentAnswer {
  uint64_t r0 = 0;
  std::string memory;
  uint64_t instructions = 0;
  uint64_t cycles = 0;
};

struct AgentLink;  // the channel, and what calls in progress share

class AgentClient {
 public:
  // `address` as gRPC takes it: unix:PATH or HOST:PORT. Connects in the background, when first needed.
  AgentClient(const std::string& address, AgentProgram program);
  ~AgentClient();
  AgentClient(const AgentClient&) = delete;
  AgentClient& operator=(const AgentClient&) = delete;

  class Call {
   public:
    virtual ~Call() = default;
    virtual void cancel() = 0;  // `done` gets kCancelled, unless it was faster
  };
  using Done = std::function<void(Result<AgentAnswer>)>;
  // `timeout` 0: none. `budget` in instructions.
  std::shared_ptr<Call> invoke(std::string memory, uint64_t budget, Duration timeout, Done done);

  // Whether the agent answers and takes the program, which it loads if need be.
  std::shared_ptr<Call> probe(Duration timeout, std::function<void(Status)> done);

 private:
  std::shared_ptr<AgentLink> link_;
};

}  // namespace faisca::watchdog
