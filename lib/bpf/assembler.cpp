#include "lib/bpf/assembler.h"

#include <algorithm>
#include <map>
#include <string>

#include "lib/bpf/asm_mnemonic.h"
#include "lib/bpf/asm_operand.h"
#include "lib/bpf/helpers.h"
#include "lib/bpf/isa.h"
#include "lib/bpf/maps.h"

namespace faisca::bpf {
namespace {

constexpr std::size_t kMaxSlots = 1 << 20;
constexpr std::uint8_t kOpCallRegister =
    0x8d;  // not in the RFC; assembled so that the verifier can refuse it

// A jump or call whose label is looked up when all labels are known.
struct Fixup {
  std::size_t slot;
  Form form;
  std::string label;
  std::size_t line;
  std::string text;
};

class Assembler {
 public:
  explicit Assembler(const AssembleOptions& options) : options_(options) {}

  Result<Program> run(std::string_view text) {
    program_.name = "main";
    program_.maps = options_.maps;
    FAISCA_CHECK_OK(assign_maps(program_, DeviceLimits{}.data_bytes));
    for (std::size_t at = 0; at <= text.size();) {
      std::size_t end = std::min(text.find('\n', at), text.size());
      ++line_;
      line_text_ = std::string(strip_line(text.substr(at, end - at)));
      FAISCA_CHECK_OK(statement(line_text_));
      if (program_.slots.size() > kMaxSlots)
        return error("more than " + std::to_string(kMaxSlots) + " slots");
      at = end + 1;
    }
    for (const auto& fixup : fixups_) FAISCA_CHECK_OK(resolve(fixup));
    program_.functions = {{program_.name, 0, static_cast<std::uint32_t>(program_.slots.size())}};
    return std::move(program_);
  }

 private:
  tl::unexpected<Error> error(const std::string& reason, const std::string& hint = "") const {
    return fail(Code::kInvalidArgument, "line " + std::to_string(line_) + " `" + line_text_ + "`: " + reason,
                hint);
  }

  // Labels, then at most one instruction.
  Status statement(std::string_view text) {
    std::size_t colon;
    while ((colon = text.find(':')) != std::string_view::npos) {
      std::string label(strip_line(text.substr(0, colon)));
      if (label.empty() || label.find_first_of(" \t,[") != std::string::npos)
        return error("`" + label + "` is no label");
      if (!labels_.emplace(label, program_.slots.size()).second)
        return error("label " + label + " is defined twice");
      text = strip_line(text.substr(colon + 1));
    }
    auto words = split_operands(text);
    return words.empty() ? Status{} : instruction(std::move(words));
  }

  Status instruction(std::vector<std::string> words) {
    std::string name = lower(words.front());
    words.erase(words.begin());
    if (name == "call" || name == "callx") return call(words);
    if (auto atomic = atomic_mnemonic(name, words)) return encode_atomic(*atomic, words);
    name = canonical_mnemonic(std::move(name));
    bool is_word = std::any_of(words.begin(), words.end(), [](const std::string& word) {
      auto reg = parse_register(word);
      return reg && reg->is_word;
    });
    bool has_register_source = words.size() > 1 && parse_register(words[1]).has_value();
    const Encoding* row = find_row(name, has_register_source);
    if (row != nullptr && is_word && class_of(row->opcode) != Class::kAlu &&
        class_of(row->opcode) != Class::kJmp32)
      row = find_row(name.starts_with("movsx") ? name.substr(0, name.size() - 2) + "32" : name + "32",
                     has_register_source);
    if (row == nullptr)
      return error("unknown instruction " + name,
                   "mnemonics are those of the bpf_conformance tests, for example add32, jsgt, ldxdw, `lock "
                   "fetch add`");
    if (row->form == Form::kExit) labels_.emplace("exit", program_.slots.size());
    return encode_row(*row, words);
  }

  Status expect(const std::vector<std::string>& words, std::size_t count) {
    if (words.size() == count) return {};
    return error("takes " + std::to_string(count) + " operands, has " + std::to_string(words.size()));
  }

  Status encode_row(const Encoding& row, const std::vector<std::string>& words) {
    Instruction i{.opcode = row.opcode, .offset = row.offset, .imm = row.imm};
    switch (row.form) {
      case Form::kExit:
        FAISCA_CHECK_OK(expect(words, 0));
        break;
      case Form::kUnary:
        FAISCA_CHECK_OK(expect(words, 1));
        FAISCA_CHECK_OK(set_register(i.dst, words[0]));
        break;
      case Form::kAluImm:
      case Form::kAluReg:
        FAISCA_CHECK_OK(expect(words, 2));
        FAISCA_CHECK_OK(set_register(i.dst, words[0]));
        FAISCA_CHECK_OK(row.form == Form::kAluReg ? set_register(i.src, words[1]) : set_imm(i.imm, words[1]));
        break;
      case Form::kJump:
      case Form::kJumpLong:
        FAISCA_CHECK_OK(expect(words, 1));
        FAISCA_CHECK_OK(set_target(i, row.form, words[0]));
        break;
      case Form::kJumpImm:
      case Form::kJumpReg:
        FAISCA_CHECK_OK(expect(words, 3));
        FAISCA_CHECK_OK(set_register(i.dst, words[0]));
        FAISCA_CHECK_OK(row.form == Form::kJumpReg ? set_register(i.src, words[1])
                                                   : set_imm(i.imm, words[1]));
        FAISCA_CHECK_OK(set_target(i, row.form, words[2]));
        break;
      case Form::kLoad:
        FAISCA_CHECK_OK(expect(words, 2));
        FAISCA_CHECK_OK(set_register(i.dst, words[0]));
        FAISCA_CHECK_OK(set_memory(i.src, i.offset, words[1]));
        break;
      case Form::kStoreImm:
      case Form::kStoreReg:
        FAISCA_CHECK_OK(expect(words, 2));
        FAISCA_CHECK_OK(set_memory(i.dst, i.offset, words[0]));
        FAISCA_CHECK_OK(row.form == Form::kStoreReg ? set_register(i.src, words[1])
                                                    : set_imm(i.imm, words[1]));
        break;
      case Form::kLoad64:
        return load64(i, words);
      default:
        return error("cannot be written this way");
    }
    emit(i);
    return {};
  }

  Status encode_atomic(const std::string& name, std::vector<std::string>& words) {
    const Encoding* row = find_row(name, false);
    if (row == nullptr || row->form != Form::kAtomic)
      return error("unknown atomic operation",
                   "use lock [fetch] add|or|and|xor, lock xchg, lock cmpxchg, each with 32 or without");
    // `cmpxchg [r1+0], r0, r2` names the implied r0.
    if (words.size() == 3 && row->imm == kAtomicCompareExchange && lower(words[1]).ends_with("r0"))
      words.erase(words.begin() + 1);
    FAISCA_CHECK_OK(expect(words, 2));
    Instruction i{.opcode = row->opcode, .imm = row->imm};
    FAISCA_CHECK_OK(set_memory(i.dst, i.offset, words[0]));
    FAISCA_CHECK_OK(set_register(i.src, words[1]));
    emit(i);
    return {};
  }

  Status call(std::vector<std::string> words) {
    std::string mode = "helper";
    if (words.size() == 2) {
      mode = lower(words[0]);
      words.erase(words.begin());
    }
    FAISCA_CHECK_OK(expect(words, 1));
    Instruction i{.opcode = kOpCall};
    if (mode == "local") {
      i.src = kCallLocal;
      FAISCA_CHECK_OK(set_target(i, Form::kCallLocal, words[0]));
    } else if (mode == "runtime" || mode == "btf" || mode == "kfunc") {
      i.src = kCallBtf;
      FAISCA_CHECK_OK(set_imm(i.imm, words[0]));
    } else if (mode != "helper") {
      return error("unknown kind of call " + mode,
                   "use call [helper] ID, call local LABEL or call runtime ID");
    } else if (parse_register(words[0])) {
      i.opcode = kOpCallRegister;
      FAISCA_CHECK_OK(set_register(i.dst, words[0]));
    } else if (const HelperInfo* helper = find_helper(std::string_view(words[0]))) {
      i.imm = static_cast<std::int32_t>(helper->id);
    } else {
      FAISCA_CHECK_OK(set_imm(i.imm, words[0]));
    }
    emit(i);
    return {};
  }

  Status load64(Instruction i, const std::vector<std::string>& words) {
    FAISCA_CHECK_OK(expect(words, 2));
    FAISCA_CHECK_OK(set_register(i.dst, words[0]));
    std::uint64_t value;
    if (auto number = parse_number(words[1])) {
      value = number->bits();
    } else if (auto reference = map_reference(words[1], program_.maps)) {
      value = *reference;
    } else {
      return error(words[1] + " is neither a 64-bit number nor a map of this program");
    }
    i.imm = static_cast<std::int32_t>(value);
    emit(i);
    emit({.imm = static_cast<std::int32_t>(value >> 32)});
    return {};
  }

  Status set_register(std::uint8_t& field, const std::string& word) {
    auto reg = parse_register(word);
    if (!reg) return error("`" + word + "` is no register", "registers are %r0 to %r10");
    field = reg->number;
    return {};
  }

  Status set_imm(std::int32_t& field, const std::string& word) {
    auto number = parse_number(word);
    if (!number) return error("`" + word + "` is no number");
    auto value = fit_field(*number, 32);
    bool truncates =
        options_.wide_immediate == AssembleOptions::WideImmediate::kTruncate && !number->negative;
    if (!value && truncates) value = static_cast<std::int32_t>(number->magnitude);
    if (!value) return error("immediate " + word + " does not fit into 32 bits", "load it with lddw");
    field = static_cast<std::int32_t>(*value);
    return {};
  }

  Status set_memory(std::uint8_t& base, std::int16_t& offset, const std::string& word) {
    auto memory = parse_memory(word);
    if (!memory) return error("`" + word + "` is no memory operand", "write [%r1+8]; offsets take 16 bits");
    base = memory->base;
    offset = memory->offset;
    return {};
  }

  Status set_target(Instruction& i, Form form, const std::string& word) {
    bool is_relative = word.starts_with('+') || word.starts_with('-');
    auto number = parse_number(word);
    if (is_relative && number) return set_displacement(i, form, static_cast<std::int64_t>(number->bits()));
    fixups_.push_back({program_.slots.size(), form, word, line_, line_text_});
    return {};
  }

  Status set_displacement(Instruction& i, Form form, std::int64_t displacement) {
    bool is_long = form == Form::kJumpLong || form == Form::kCallLocal;
    std::int64_t limit = is_long ? std::int64_t{1} << 31 : 1 << 15;
    if (displacement < -limit || displacement >= limit)
      return error("distance " + std::to_string(displacement) + " does not fit into " +
                   (is_long ? "32" : "16") + " bits");
    if (is_long)
      i.imm = static_cast<std::int32_t>(displacement);
    else
      i.offset = static_cast<std::int16_t>(displacement);
    return {};
  }

  Status resolve(const Fixup& fixup) {
    line_ = fixup.line;
    line_text_ = fixup.text;
    Instruction i = decode(program_.slots[fixup.slot]);
    auto label = labels_.find(fixup.label);
    auto number = parse_number(fixup.label);
    if (label != labels_.end()) {
      auto displacement =
          static_cast<std::int64_t>(label->second) - static_cast<std::int64_t>(fixup.slot) - 1;
      FAISCA_CHECK_OK(set_displacement(i, fixup.form, displacement));
    } else if (number) {  // `ja 2` without sign: relative as well
      FAISCA_CHECK_OK(set_displacement(i, fixup.form, static_cast<std::int64_t>(number->bits())));
    } else {
      return error("label " + fixup.label + " is not defined");
    }
    program_.slots[fixup.slot] = encode(i);
    return {};
  }

  void emit(const Instruction& instruction) { program_.slots.push_back(encode(instruction)); }

  const AssembleOptions& options_;
  Program program_;
  std::map<std::string, std::size_t> labels_;
  std::vector<Fixup> fixups_;
  std::size_t line_ = 0;
  std::string line_text_;
};

}  // namespace

Result<Program> assemble(std::string_view text, const AssembleOptions& options) {
  return Assembler(options).run(text);
}

}  // namespace faisca::bpf
