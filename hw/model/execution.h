// One run of the model: registers, frames, program counter. Internal to hw/model; see model.h for the rules.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "hw/model/model.h"

namespace faisca::model {

class Execution {
 public:
  Execution(const Model& model, Model::World world, const RunSettings& settings);
  Outcome run();

 private:
  struct Frame {
    std::uint32_t return_pc;
    std::array<std::uint64_t, 4> saved;  // R6 … R9
  };

  bool step();  // false: the run has ended
  bool execute(const Model::Step& step);
  bool call_local(const bpf::Instruction& instruction);
  bool call_helper(const bpf::Instruction& instruction);
  bool leave();
  bool load(const bpf::Instruction& instruction);
  bool store(const bpf::Instruction& instruction, std::uint64_t value);
  bool atomic(const bpf::Instruction& instruction);

  bool fault(bpf::FaultCause cause, std::uint64_t address = 0);
  bool read(std::uint64_t address, std::uint8_t bytes, std::uint64_t& value);
  bool write(std::uint64_t address, std::uint8_t bytes, std::uint64_t value);
  void set(std::uint8_t reg, std::uint64_t value);
  void jump(std::int64_t displacement) { next_ = static_cast<std::uint64_t>(next_ + displacement); }

  const Model& model_;
  Model::World world_;
  const RunSettings& settings_;
  std::array<std::uint64_t, bpf::kRegisters> r_{};
  std::vector<Frame> frames_;
  std::uint64_t pc_;
  std::uint64_t next_ = 0;
  bpf::Retired retired_;
  Outcome outcome_;
};

}  // namespace faisca::model
