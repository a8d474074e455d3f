#include "lib/bpf/control_flow.h"

#include <algorithm>

namespace faisca::bpf {

ControlFlow::ControlFlow(const std::vector<DecodedSlot>& code, std::uint32_t entry)
    : code_(code), reachable_(code.size(), false) {
  std::vector<bool> known(code.size(), false);
  std::vector<std::uint32_t> roots{entry};
  known[entry] = true;
  for (std::size_t next = 0; next < roots.size(); ++next) {
    bodies_.push_back(walk(roots[next]));
    for (std::uint32_t call : bodies_.back().calls) {
      auto target = static_cast<std::uint32_t>(call + 1 + code_[call].instruction.imm);
      if (!known[target]) roots.push_back(target);
      known[target] = true;
    }
  }
}

std::vector<std::uint32_t> ControlFlow::successors(std::uint32_t pc) const {
  const auto& [instruction, row] = code_[pc];
  auto target = static_cast<std::uint32_t>(pc + 1 + jump_displacement(instruction, row->form));
  if (row->form == Form::kExit) return {};
  if (row->form == Form::kJump || row->form == Form::kJumpLong) return {target};
  std::vector<std::uint32_t> all;
  std::uint32_t next = pc + (row->form == Form::kLoad64 ? 2 : 1);
  if (next < code_.size()) all.push_back(next);
  if (is_conditional_jump(row->form)) all.push_back(target);
  return all;
}

ControlFlow::Body ControlFlow::walk(std::uint32_t root) {
  Body body{root, {}};
  std::vector<bool> seen(code_.size(), false);
  std::vector<std::uint32_t> open{root};
  seen[root] = true;
  while (!open.empty()) {
    std::uint32_t pc = open.back();
    open.pop_back();
    reachable_[pc] = true;
    if (code_[pc].row->form == Form::kCallLocal) body.calls.push_back(pc);
    for (std::uint32_t next : successors(pc)) {
      if (!seen[next]) open.push_back(next);
      seen[next] = true;
    }
  }
  std::sort(body.calls.begin(), body.calls.end());
  return body;
}

std::optional<ControlFlow::Loop> ControlFlow::endless_loop() const {
  // Backwards from every exit; what is reachable but not met has no way out.
  std::vector<std::vector<std::uint32_t>> predecessors(code_.size());
  std::vector<std::uint32_t> open;
  std::vector<bool> ends(code_.size(), false);
  for (std::uint32_t pc = 0; pc < code_.size(); ++pc) {
    if (!reachable_[pc]) continue;
    for (std::uint32_t next : successors(pc)) predecessors[next].push_back(pc);
    if (code_[pc].row->form == Form::kExit) {
      open.push_back(pc);
      ends[pc] = true;
    }
  }
  while (!open.empty()) {
    std::uint32_t pc = open.back();
    open.pop_back();
    for (std::uint32_t before : predecessors[pc]) {
      if (!ends[before]) open.push_back(before);
      ends[before] = true;
    }
  }
  std::optional<std::uint32_t> trapped;
  for (std::uint32_t pc = 0; pc < code_.size() && !trapped; ++pc)
    if (reachable_[pc] && !ends[pc]) trapped = pc;
  if (!trapped) return std::nullopt;
  // Follow one path until a slot repeats: that is a loop; its slots are all trapped as well.
  std::vector<bool> met(code_.size(), false);
  std::uint32_t pc = *trapped;
  while (!met[pc]) {
    met[pc] = true;
    pc = successors(pc).back();
  }
  Loop loop{pc, pc};
  for (std::uint32_t at = successors(pc).back(); at != pc; at = successors(at).back()) {
    loop.first = std::min(loop.first, at);
    loop.last = std::max(loop.last, at);
  }
  return loop;
}

std::size_t ControlFlow::body_index(std::uint32_t root) const {
  return static_cast<std::size_t>(
      std::find_if(bodies_.begin(), bodies_.end(), [&](const Body& body) { return body.root == root; }) -
      bodies_.begin());
}

ControlFlow::Depth ControlFlow::call_depth() const {
  // Depth first without recursion of our own: a hostile program may chain thousands of functions.
  enum class Mark { kNew, kOpen, kDone };
  std::vector<Mark> marks(bodies_.size(), Mark::kNew);
  std::vector<std::uint32_t> frames(bodies_.size(), 1), first_call(bodies_.size(), 0);
  struct Visit {
    std::size_t body, next_call;
  };
  std::vector<Visit> stack{{0, 0}};
  marks[0] = Mark::kOpen;
  while (!stack.empty()) {
    auto& [body, next_call] = stack.back();
    if (next_call == bodies_[body].calls.size()) {
      marks[body] = Mark::kDone;
      stack.pop_back();
      continue;
    }
    std::uint32_t call = bodies_[body].calls[next_call];
    std::size_t callee = body_index(static_cast<std::uint32_t>(call + 1 + code_[call].instruction.imm));
    if (marks[callee] == Mark::kOpen) return {frames[0], call, call};
    if (marks[callee] == Mark::kNew) {
      marks[callee] = Mark::kOpen;
      stack.push_back({callee, 0});
      continue;
    }
    if (frames[callee] + 1 > frames[body]) {
      frames[body] = frames[callee] + 1;
      first_call[body] = call;
    }
    ++next_call;
  }
  return {frames[0], std::nullopt, first_call[0]};
}

}  // namespace faisca::bpf
