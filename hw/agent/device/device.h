// A device that runs eBPF programs: what the agent needs of one, whichever kind it is.
//
// One program is loaded at a time and one run is in progress at a time (engine 0). The life of a run:
//
//   load_program → write_region (body, globals, context) → start → wait
//
//   wait says  kTrapped   answer the helper call: resume, wait again
//              kExited    RunState::r0; read_region for what the program wrote
//              kFaulted   RunState::fault, fault_pc, fault_address
//              kRunning   max_cycles have passed: wait again, or stop
//
// Addresses are device addresses (hw/regs/regs.h: kMemoryBase, kStackBase, kDataBase, kContextBase). Memory,
// data and context keep their bytes from run to run; stack and registers are zeroed by the hardware at each
// start.
//
// Thread: not thread-safe; one thread at a time uses a Device.
// Errors: kInvalidArgument and kOutOfRange for arguments, kFailedPrecondition for a call at the wrong time,
// kInternal when the hardware does not answer as it must.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>

#include "hw/regs/regs.h"
#include "lib/base/result.h"

namespace faisca::device {

struct DeviceInfo {
  std::string kind;           // "verilated", later "pcie"
  std::uint32_t version = 0;  // register VERSION
  std::uint32_t engines = 0;
  std::uint32_t threads = 0;        // per engine
  std::uint32_t program_slots = 0;  // 64-bit slots a program may have; lddw takes two
  std::uint32_t memory_bytes = 0;   // region sizes
  std::uint32_t stack_bytes = 0;
  std::uint32_t data_bytes = 0;
  std::uint32_t context_bytes = 0;
};

// Part of a region that a run may touch, as offsets from the region's base; `end` is past the last byte
// and is clipped to the region. Bytes outside are another run's: an access there faults.
struct Window {
  std::uint32_t begin = 0;
  std::uint32_t end = std::numeric_limits<std::uint32_t>::max();
};

struct RunSettings {
  std::uint32_t entry_pc = 0;                // slot of the first instruction
  std::array<std::uint64_t, 5> arguments{};  // R1-R5
  std::uint32_t budget = 4096;               // instructions that may retire before the run faults
  Window memory;
  Window data;
};

using RunStatus = regs::State;
using FaultCause = regs::Fault;

struct RunState {
  RunStatus status = RunStatus::kIdle;
  std::uint64_t r0 = 0;                      // kExited
  std::uint32_t helper_id = 0;               // kTrapped: immediate of the call
  std::array<std::uint64_t, 5> arguments{};  // kTrapped: R1-R5
  FaultCause fault = FaultCause::kNone;      // kFaulted
  std::uint32_t fault_pc = 0;                // kFaulted: the instruction at fault; kTrapped: the call
  std::uint64_t fault_address = 0;           // memory faults
  std::uint64_t retired = 0;                 // instructions of this run so far
  std::uint64_t cycles = 0;                  // clock cycles it was running
};

// One instruction that took effect, in program order. A faulting instruction and the call that is still
// trapped do not retire; a helper call retires when it is resumed, with R0 as destination.
// An lddw is one instruction with the pc of its first slot.
struct RetiredInstruction {
  std::uint32_t pc = 0;
  std::uint64_t instruction = 0;  // the slot at pc
  bool writes_register = false;
  std::uint8_t destination = 0;  // R0-R9
  std::uint64_t value = 0;       // what the destination holds now
  bool writes_memory = false;    // false for a cmpxchg that did not match
  std::uint32_t address = 0;     // device address
  std::uint64_t data = 0;        // zero-extended from `size` bytes
  std::uint8_t size = 0;         // 1, 2, 4, 8
};
using TraceCallback = std::function<void(const RetiredInstruction&)>;

class Device {
 public:
  virtual ~Device() = default;

  virtual const DeviceInfo& info() const = 0;

  // Puts the program into the inactive bank and makes that bank active for the next run. A program that one
  // of the two banks still holds is not written again. Every lddw must have src 0 (references resolved).
  virtual Status load_program(std::span<const std::uint64_t> instructions) = 0;

  // Any alignment and length inside one region; not while a run is kRunning.
  virtual Status write_region(std::uint32_t address, std::span<const std::byte> bytes) = 0;
  virtual Status read_region(std::uint32_t address, std::span<std::byte> bytes) = 0;

  virtual Status start(const RunSettings& settings) = 0;
  // Returns when the run is no longer kRunning, or after about `max_cycles` device cycles.
  virtual Result<RunState> wait(std::uint64_t max_cycles) = 0;
  // While kTrapped: the helper's answer.
  virtual Status resume(std::uint64_t r0) = 0;
  // While not kRunning: moves the memory window, for helpers such as xdp_adjust_head.
  virtual Status set_memory_window(Window window) = 0;
  // Drops the run, if any: the status becomes kIdle.
  virtual Status stop() = 0;

  // Called inside wait() for each instruction that retires; nullptr ends it. kUnimplemented where the device
  // has no trace port.
  virtual Status set_trace(TraceCallback callback) = 0;
};

}  // namespace faisca::device
