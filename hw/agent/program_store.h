// The programs that the agent knows, by their content: object → loaded, linked and verified once, kept for
// later calls.
//
// The id is the SHA-256 of object, entry, convention and function name: the same Function deployed twice
// gives the same id, two Functions never share an id (nor, with it, maps and globals). Bounded: the program
// that was not used for the longest time goes first, and its maps and globals with it. Nothing survives the
// agent's process; a caller that gets kNotFound sends the object again. Thread: safe from any thread.
// StoredProgram::state belongs to the executor's thread alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "lib/base/result.h"
#include "lib/bpf/layout.h"
#include "lib/bpf/maps.h"
#include "lib/bpf/program.h"

namespace faisca::agent {

// What a program keeps from call to call. `data` is its data region while another program is in the device.
struct ProgramState {
  bpf::MapSet maps;
  std::vector<std::uint8_t> data;
};

struct StoredProgram {
  std::string id;
  std::string function;
  bpf::Program program;
  bool may_store = true;              // false: no instruction can change memory or data
  std::optional<ProgramState> state;  // empty until the first call
};
using ProgramPtr = std::shared_ptr<StoredProgram>;

struct ProgramSource {
  std::string_view object;                    // ELF
  std::string_view entry;                     // empty: the only program of the object
  std::optional<bpf::Convention> convention;  // empty: as the section's name says
  std::string_view function;
};

class ProgramStore {
 public:
  ProgramStore(std::size_t capacity, const bpf::DeviceLimits& limits)
      : capacity_(capacity), limits_(limits) {}

  // The stored program, made from `source` if it is not there yet. Errors are the loader's and the
  // verifier's; nothing is stored then.
  Result<ProgramPtr> add(const ProgramSource& source);
  Result<ProgramPtr> find(const std::string& id);
  void remove(const std::string& id);    // unknown ids are ignored; who still uses the program keeps it
  std::vector<std::string> ids() const;  // most recently used first
  std::size_t size() const;

 private:
  ProgramPtr use(const std::string& id);

  const std::size_t capacity_;
  const bpf::DeviceLimits limits_;
  mutable std::mutex mutex_;
  std::list<ProgramPtr> by_use_;  // guarded by mutex_; most recently used first
  std::unordered_map<std::string, std::list<ProgramPtr>::iterator> by_id_;  // guarded by mutex_
};

std::string program_id(const ProgramSource& source);

}  // namespace faisca::agent
