#include "lib/bpf/verifier.h"

#include <algorithm>

#include "lib/bpf/block_facts.h"
#include "lib/bpf/control_flow.h"
#include "lib/bpf/disassembler.h"
#include "lib/bpf/helpers.h"

namespace faisca::bpf {
namespace {

class Verifier {
 public:
  Verifier(const Program& program, const VerifierSettings& settings)
      : program_(program), settings_(settings) {}

  Status run() {
    FAISCA_CHECK_OK(check_size());
    FAISCA_CHECK_OK(decode_all());
    for (std::uint32_t pc = 0; pc < code_.size(); ++pc)
      if (code_[pc].row != nullptr) FAISCA_CHECK_OK(check_flow(pc));
    FAISCA_CHECK_OK(check_graph());
    return check_uses();
  }

 private:
  std::uint32_t size() const { return static_cast<std::uint32_t>(program_.slots.size()); }

  // "instruction 5 (`goto +9`): reason".
  tl::unexpected<Error> reject(std::uint32_t pc, const std::string& reason, const std::string& hint) const {
    std::uint64_t next = pc + 1 < size() ? program_.slots[pc + 1] : 0;
    std::string where =
        "instruction " + std::to_string(pc) + " (`" + disassemble(program_.slots[pc], next) + "`)";
    if (const Function* function = function_of(pc); function != nullptr && program_.functions.size() > 1)
      where += " in " + function->name;
    return fail(Code::kInvalidArgument, where + ": " + reason, hint);
  }

  const Function* function_of(std::uint32_t pc) const {
    auto after = std::upper_bound(program_.functions.begin(), program_.functions.end(), pc,
                                  [](std::uint32_t slot, const Function& f) { return slot < f.first; });
    return after == program_.functions.begin() ? nullptr : &*std::prev(after);
  }

  Status check_size() const {
    if (program_.slots.empty())
      return fail(Code::kInvalidArgument, "the program has no instructions", "a program ends with exit");
    if (size() > settings_.limits.instruction_slots)
      return fail(Code::kOutOfRange,
                  "the program has " + std::to_string(size()) + " instruction slots; the device holds " +
                      std::to_string(settings_.limits.instruction_slots),
                  "build with -O2, and split what is unrolled or inlined into functions");
    if (program_.entry >= size())
      return fail(Code::kInvalidArgument,
                  "the entry, slot " + std::to_string(program_.entry) + ", is outside the program");
    if (std::max<std::size_t>(program_.data_bytes, program_.data.size()) > settings_.limits.data_bytes)
      return fail(Code::kOutOfRange,
                  "globals and map values take " + std::to_string(program_.data_bytes) +
                      " bytes; the device has " + std::to_string(settings_.limits.data_bytes),
                  "lower max_entries of the maps or the size of globals");
    return {};
  }

  Status decode_all() {
    code_.resize(size());
    for (std::uint32_t pc = 0; pc < size(); ++pc) {
      code_[pc].instruction = decode(program_.slots[pc]);
      code_[pc].row = find_encoding(code_[pc].instruction);
      if (code_[pc].row == nullptr)
        return reject(pc, encoding_problem(code_[pc].instruction),
                      "the device runs RFC 9669 without the deprecated groups");
      if (code_[pc].row->form != Form::kLoad64) continue;
      if (pc + 1 == size()) return reject(pc, "lddw has no second slot", "the code is cut off");
      if ((program_.slots[pc + 1] & 0xffff'ffff) != 0)
        return reject(pc, "the second slot of lddw must be zero but for its immediate",
                      "the code is damaged");
      ++pc;
    }
    if (code_[program_.entry].row == nullptr)
      return reject(program_.entry, "the entry is the second slot of an lddw", "");
    return {};
  }

  Status check_flow(std::uint32_t pc) const {
    const auto& [instruction, row] = code_[pc];
    bool jumps = is_conditional_jump(row->form) || row->form == Form::kJump || row->form == Form::kJumpLong;
    if (jumps || row->form == Form::kCallLocal) {
      std::int64_t target = std::int64_t{pc} + 1 + jump_displacement(instruction, row->form);
      const char* what = jumps ? "jumps" : "calls";
      if (target < 0 || target >= size())
        return reject(pc,
                      std::string(what) + " to slot " + std::to_string(target) + ", outside the program of " +
                          std::to_string(size()) + " slots",
                      "");
      auto slot = static_cast<std::uint32_t>(target);
      if (code_[slot].row == nullptr)
        return reject(
            pc, std::string(what) + " into slot " + std::to_string(slot) + ", the second half of an lddw",
            "");
      if (jumps && function_of(pc) != function_of(slot))
        return reject(pc, "jumps out of its function into " + function_of(slot)->name, "use a call");
    }
    return {};
  }

  // Code that nothing reaches may end anyhow: some compilers leave such.
  Status check_fall_through(std::uint32_t pc) const {
    const Encoding* row = code_[pc].row;
    if (row->form == Form::kExit || row->form == Form::kJump || row->form == Form::kJumpLong) return {};
    std::uint32_t next = pc + (row->form == Form::kLoad64 ? 2 : 1);
    if (next >= size())
      return reject(pc, "execution falls off the end of the program", "end every path with exit");
    if (function_of(pc) != function_of(next))
      return reject(pc, "execution falls through into function " + function_of(next)->name,
                    "end every path with exit");
    return {};
  }

  Status check_graph() const {
    ControlFlow flow(code_, program_.entry);
    for (std::uint32_t pc = 0; pc < size(); ++pc)
      if (flow.reachable()[pc]) FAISCA_CHECK_OK(check_fall_through(pc));
    auto depth = flow.call_depth();
    if (depth.recursion)
      return reject(*depth.recursion, "recursion: the function calls itself, directly or through others",
                    "write it as a loop; the device has " + std::to_string(kMaxFrames) + " frames");
    if (depth.frames > kMaxFrames)
      return reject(depth.deepest_call,
                    "starts a chain of " + std::to_string(depth.frames) + " nested frames; the device has " +
                        std::to_string(kMaxFrames),
                    "inline some of the functions (static inline, -O2)");
    if (auto loop = flow.endless_loop())
      return reject(loop->first,
                    "endless loop: no exit can be reached from slots " + std::to_string(loop->first) +
                        " to " + std::to_string(loop->last),
                    "give the loop a condition that ends it");
    return {};
  }

  // Slots where paths join: nothing is known of registers there.
  std::vector<bool> joins() const {
    std::vector<bool> joined(size(), false);
    joined[program_.entry] = true;
    for (const auto& function : program_.functions)
      if (function.first < size()) joined[function.first] = true;
    for (std::uint32_t pc = 0; pc < size(); ++pc) {
      if (code_[pc].row == nullptr) continue;
      Form form = code_[pc].row->form;
      bool jumps = is_conditional_jump(form) || form == Form::kJump || form == Form::kJumpLong ||
                   form == Form::kCallLocal;
      if (jumps)
        joined[static_cast<std::size_t>(pc + 1 + jump_displacement(code_[pc].instruction, form))] = true;
    }
    return joined;
  }

  Status check_uses() const {
    std::vector<bool> joined = joins();
    BlockFacts facts;
    for (std::uint32_t pc = 0; pc < size(); ++pc) {
      const auto& [instruction, row] = code_[pc];
      if (row == nullptr) continue;
      if (joined[pc]) facts.forget();
      if (row->form == Form::kCallHelper) FAISCA_CHECK_OK(check_call(pc, facts));
      FAISCA_CHECK_OK(check_stack(pc, facts));
      facts.execute(instruction, *row, pc + 1 < size() ? program_.slots[pc + 1] : 0);
    }
    return {};
  }

  Status check_call(std::uint32_t pc, const BlockFacts& facts) const {
    auto id = static_cast<std::uint32_t>(code_[pc].instruction.imm);
    const HelperInfo* helper = find_helper(id);
    if (helper == nullptr)
      return reject(pc, "unknown helper " + std::to_string(code_[pc].instruction.imm),
                    "the device has " + helper_list());
    if (!helper_allowed(id, program_.convention))
      return reject(pc,
                    "helper " + std::string(helper->name) + " needs the convention xdp; this program has " +
                        std::string(convention_name(program_.convention)),
                    "put the function in SEC(\"xdp\")");
    const bool redirects = id == static_cast<std::uint32_t>(HelperId::kRedirectMap);
    const bool looks_up = id == static_cast<std::uint32_t>(HelperId::kMapLookup);
    bool takes_map = redirects || id <= static_cast<std::uint32_t>(HelperId::kMapDelete);
    auto handle = facts.constant(1);
    if (!takes_map || !handle) return {};
    auto map = std::find_if(program_.maps.begin(), program_.maps.end(),
                            [&](const auto& m) { return m.id == *handle; });
    if (map == program_.maps.end())
      return reject(pc, "R1 holds " + std::to_string(*handle) + ", which is no map of this program",
                    "R1 takes the address of a map: &my_map");
    const bool is_devmap = map->type == MapType::kDevmap;
    if (redirects && !is_devmap)
      return reject(pc,
                    "map " + map->name + " is a " + std::string(map_type_name(map->type)) + ", not a devmap",
                    "redirect_map takes a map of type BPF_MAP_TYPE_DEVMAP");
    if (redirects) return {};
    if (is_devmap && !looks_up)
      return reject(pc, "map " + map->name + " is a devmap, which programs only read",
                    "fill it from the host: faisca bpf maps update");
    FAISCA_CHECK_OK(check_frame(pc, facts.frame_offset(2), map->key_size));
    if (id != static_cast<std::uint32_t>(HelperId::kMapUpdate)) return {};
    return check_frame(pc, facts.frame_offset(3), map->value_size);
  }

  std::string helper_list() const {
    std::string text;
    for (const auto& helper : helper_table())
      if (helper_allowed(helper.id, program_.convention))
        text += (text.empty() ? "" : ", ") + std::to_string(helper.id) + " " + std::string(helper.name);
    return text;
  }

  Status check_stack(std::uint32_t pc, const BlockFacts& facts) const {
    const auto& [instruction, row] = code_[pc];
    bool loads = row->form == Form::kLoad;
    bool stores = row->form == Form::kStoreImm || row->form == Form::kStoreReg || row->form == Form::kAtomic;
    if (!loads && !stores) return {};
    auto base = facts.frame_offset(loads ? instruction.src : instruction.dst);
    if (base) *base += instruction.offset;
    return check_frame(pc, base, access_bytes(row->opcode));
  }

  // `bytes` bytes at a known distance from R10.
  Status check_frame(std::uint32_t pc, std::optional<std::int64_t> low, std::uint32_t bytes) const {
    if (!low || settings_.stack == StackRule::kDevice) return {};
    if (*low >= -std::int64_t{kFrameBytes} && *low <= -std::int64_t{bytes}) return {};
    return reject(pc,
                  "stack access out of bounds: bytes " + std::to_string(*low) + " to " +
                      std::to_string(*low + bytes) + " from r10; a frame has " + std::to_string(kFrameBytes) +
                      " bytes below it",
                  "keep locals smaller, or in a map");
  }

  const Program& program_;
  const VerifierSettings& settings_;
  std::vector<DecodedSlot> code_;
};

}  // namespace

Status verify(const Program& program, const VerifierSettings& settings) {
  return Verifier(program, settings).run();
}

}  // namespace faisca::bpf
