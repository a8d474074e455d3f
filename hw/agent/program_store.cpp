#include "hw/agent/program_store.h"

#include <span>

#include "lib/bpf/instruction.h"
#include "lib/bpf/object.h"
#include "lib/bpf/verifier.h"
#include "lib/digest/sha256.h"

namespace faisca::agent {
namespace {

// Length before content, so that no two sources give the same bytes.
void hash_field(Sha256& digest, std::string_view field) {
  const std::uint64_t size = field.size();
  digest.update({reinterpret_cast<const char*>(&size), sizeof size}).update(field);
}

// A store relative to R10 stays near the stack region: with a 16-bit offset it reaches no other one.
bool may_store(const bpf::Program& program) {
  constexpr std::uint8_t kClassSt = 2, kClassStx = 3, kFramePointer = 10, kLddw = 0x18;
  if (!program.maps.empty()) return true;  // helpers store
  for (std::size_t i = 0; i < program.slots.size(); ++i) {
    const bpf::Instruction instruction = bpf::decode(program.slots[i]);
    const std::uint8_t kind = instruction.opcode & 7;
    if ((kind == kClassSt || kind == kClassStx) && instruction.dst != kFramePointer) return true;
    if (instruction.opcode == kLddw) ++i;
  }
  return false;
}

Error unknown_program(const std::string& id) {
  return {Code::kNotFound,
          "program \"" + id + "\" is not known to this agent",
          "send the object again: the agent forgets programs when it restarts or when many others were used "
          "since",
          {}};
}

}  // namespace

std::string program_id(const ProgramSource& source) {
  Sha256 digest;
  hash_field(digest, source.object);
  hash_field(digest, source.entry);
  hash_field(digest, source.convention ? bpf::convention_name(*source.convention) : "");
  hash_field(digest, source.function);
  return digest.hex();
}

ProgramPtr ProgramStore::use(const std::string& id) {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  by_use_.splice(by_use_.begin(), by_use_, found->second);
  return *found->second;
}

Result<ProgramPtr> ProgramStore::find(const std::string& id) {
  std::lock_guard lock(mutex_);
  if (ProgramPtr program = use(id)) return program;
  return fail(unknown_program(id));
}

Result<ProgramPtr> ProgramStore::add(const ProgramSource& source) {
  const std::string id = program_id(source);
  {
    std::lock_guard lock(mutex_);
    if (ProgramPtr program = use(id)) return program;
  }
  if (source.object.empty())
    return fail(Code::kInvalidArgument, "the program has no object",
                "send the ELF file that `clang -target bpf -c` writes");
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(source.object.data()), source.object.size());
  auto loaded = bpf::load_program(
      bytes, {.program = std::string(source.entry), .convention = source.convention, .limits = limits_});
  if (!loaded) {
    // kNotFound would tell the caller to send the object again.
    if (loaded.error().code == Code::kNotFound) loaded.error().code = Code::kInvalidArgument;
    return fail(std::move(loaded).error());
  }
  bpf::Program program = *std::move(loaded);
  FAISCA_CHECK_OK(bpf::verify(program, {.limits = limits_}));

  auto stored = std::make_shared<StoredProgram>();
  stored->id = id;
  stored->function = source.function;
  stored->may_store = may_store(program);
  stored->program = std::move(program);

  std::lock_guard lock(mutex_);
  if (ProgramPtr other = use(id)) return other;  // another caller was faster
  by_use_.push_front(stored);
  by_id_[id] = by_use_.begin();
  if (by_use_.size() > capacity_) {
    by_id_.erase(by_use_.back()->id);
    by_use_.pop_back();
  }
  return stored;
}

void ProgramStore::remove(const std::string& id) {
  std::lock_guard lock(mutex_);
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return;
  by_use_.erase(found->second);
  by_id_.erase(found);
}

std::vector<std::string> ProgramStore::ids() const {
  std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  ids.reserve(by_use_.size());
  for (const ProgramPtr& program : by_use_) ids.push_back(program->id);
  return ids;
}

std::size_t ProgramStore::size() const {
  std::lock_guard lock(mutex_);
  return by_use_.size();
}

}  // namespace faisca::agent
