// The offload agent as the plugin needs it: what it has, and programs put in and taken out. Plain values, so
// that what decides does not see gRPC. Thread: GrpcAgent's calls wait for the answer, a few seconds at most;
// one thread calls.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/types/function/function.h"
#include "lib/base/result.h"

namespace faisca::deviceplugin {

struct FunctionCounters {
  std::string program_id;
  std::string function;  // as its program was loaded for
  std::uint64_t invocations = 0;
  std::uint64_t failures = 0;
  std::uint64_t instructions = 0;
  std::uint64_t cycles = 0;

  bool operator==(const FunctionCounters&) const = default;
};

struct AgentState {
  std::string instance;  // another one after each start of the agent
  std::string device;    // "verilated/0"
  std::uint32_t engines = 0;
  std::uint32_t threads = 0;       // of an engine
  std::uint32_t instructions = 0;  // of one program
  std::uint64_t data_bytes = 0;
  std::uint64_t memory_bytes = 0;
  std::uint64_t clock_hz = 0;
  std::vector<int> ports;
  std::vector<std::string> programs;  // ids
  std::vector<FunctionCounters> counters;
  std::uint64_t queued = 0;  // calls that wait now
  std::uint64_t loads = 0;   // programs written to the device since its start
};

struct ProgramToLoad {
  std::string object;  // ELF
  std::string entry;
  api::Convention convention = api::Convention::kMem;
  std::string function;  // NAMESPACE/NAME
};

class Agent {
 public:
  virtual ~Agent() = default;
  virtual Result<AgentState> state() = 0;
  // The program's id. kInvalidArgument and kOutOfRange: it will never do on this device.
  virtual Result<std::string> load(const ProgramToLoad& program) = 0;
  virtual Status unload(const std::string& program_id) = 0;
};

// `address` as gRPC takes it: unix:PATH. Connects when first needed, and again after the agent's restart.
std::unique_ptr<Agent> make_grpc_agent(const std::string& address);

}  // namespace faisca::deviceplugin
