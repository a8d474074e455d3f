// link: one program of an object, its callees, data and maps, as one flat Program. See object.h.
#include <algorithm>
#include <map>
#include <set>

#include "lib/bpf/isa.h"
#include "lib/bpf/object.h"

namespace faisca::bpf {
namespace {

constexpr std::size_t kMaxLinkedSlots = 1 << 20;  // the verifier applies the device's own, smaller limit

tl::unexpected<Error> bad(std::string message, std::string hint = "") {
  return fail(Code::kInvalidArgument, std::move(message), std::move(hint));
}

template <class Section>
const Section* find_section(const std::vector<Section>& sections, std::uint32_t index) {
  auto found = std::find_if(sections.begin(), sections.end(),
                            [&](const auto& section) { return section.index == index; });
  return found == sections.end() ? nullptr : &*found;
}

class Linker {
 public:
  Linker(const Object& object, const LinkOptions& options) : object_(object), options_(options) {}

  Result<Program> run() {
    FAISCA_TRY(entry, choose());
    program_.name = entry.name;
    program_.convention = options_.convention.value_or(entry.convention);
    const CodeSection* section = find_section(object_.code, entry.section_index);
    if (section == nullptr) return bad("program " + entry.name + " is in no code section");
    FAISCA_TRY(first, place_function(*section, entry.first, "program " + entry.name));
    program_.entry = first;
    // Placing a function discovers others; the list grows while it is walked.
    for (std::size_t next = 0; next < placed_.size(); ++next) FAISCA_CHECK_OK(gather(placed_[next]));
    FAISCA_CHECK_OK(place_data());
    FAISCA_CHECK_OK(place_maps());
    for (const auto& placed : placed_) FAISCA_CHECK_OK(patch(placed));
    FAISCA_CHECK_OK(patch_data());
    return std::move(program_);
  }

 private:
  struct Placed {
    const CodeSection* section;
    Function source;      // slots in the section
    std::uint32_t first;  // slot in the program
  };

  Result<ObjectProgram> choose() const {
    std::string names;
    for (const auto& program : object_.programs) {
      if (program.name == options_.program) return program;
      names += (names.empty() ? "" : ", ") + program.name;
    }
    std::vector<ObjectProgram> in_section;
    for (const auto& program : object_.programs)
      if (options_.program.empty() || program.section == options_.program) in_section.push_back(program);
    if (in_section.size() == 1) return in_section.front();
    if (in_section.empty())
      return fail(Code::kNotFound, "the object has no program " + options_.program, "it has " + names);
    return bad("the object has " + std::to_string(in_section.size()) + " programs", "choose one of " + names);
  }

  // "section xdp, instruction 5".
  static std::string place(const CodeSection& section, std::uint32_t slot) {
    return "section " + section.name + ", instruction " + std::to_string(slot);
  }

  static const Relocation* relocation_at(const CodeSection& section, std::uint32_t slot) {
    auto found =
        std::lower_bound(section.relocations.begin(), section.relocations.end(), slot * 8,
                         [](const Relocation& r, std::uint32_t offset) { return r.offset < offset; });
    return found != section.relocations.end() && found->offset == slot * 8 ? &*found : nullptr;
  }

  // Slot of the function of `section` that starts at `slot`, copied into the program if it is not there yet.
  Result<std::uint32_t> place_function(const CodeSection& section, std::uint32_t slot,
                                       const std::string& who) {
    auto function = std::lower_bound(section.functions.begin(), section.functions.end(), slot,
                                     [](const Function& f, std::uint32_t first) { return f.first < first; });
    if (function == section.functions.end() || function->first != slot)
      return bad(who + " starts at instruction " + std::to_string(slot) + " of section " + section.name +
                 ", where no function starts");
    auto [known, is_new] =
        first_slots_.try_emplace({section.index, slot}, static_cast<std::uint32_t>(program_.slots.size()));
    if (!is_new) return known->second;
    if (program_.slots.size() + function->slots > kMaxLinkedSlots)
      return fail(Code::kOutOfRange,
                  "the program has more than " + std::to_string(kMaxLinkedSlots) + " instructions");
    placed_.push_back({&section, *function, known->second});
    program_.functions.push_back({function->name, known->second, function->slots});
    program_.slots.insert(program_.slots.end(), section.slots.begin() + slot,
                          section.slots.begin() + slot + function->slots);
    return known->second;
  }

  // Section and slot that a local call reaches.
  struct Callee {
    const CodeSection* section;
    std::uint32_t slot;
  };
  Result<Callee> callee(const CodeSection& section, std::uint32_t slot) const {
    std::string where = place(section, slot);
    std::int64_t imm = decode(section.slots[slot]).imm;
    const CodeSection* target = &section;
    std::int64_t target_slot = std::int64_t{slot} + 1 + imm;
    if (const Relocation* relocation = relocation_at(section, slot)) {
      target = find_section(object_.code, relocation->target_section);
      if (target == nullptr)
        return bad(
            where + " calls " + relocation->symbol + ", an unknown symbol: it is no function of this object",
            "define it in the same file, or use a helper of <bpf/bpf_helpers.h>");
      if (relocation->target_offset % 8 != 0 || relocation->target_offset / 8 > target->slots.size())
        return bad(where + " calls " + relocation->symbol + " at byte " +
                   std::to_string(relocation->target_offset) + ", outside section " + target->name);
      // A call of a section symbol keeps the function's place in imm; a call of a function symbol has imm -1.
      target_slot = static_cast<std::int64_t>(relocation->target_offset / 8) + imm + 1;
    }
    if (target_slot < 0 || target_slot >= static_cast<std::int64_t>(target->slots.size()))
      return bad(where + " calls instruction " + std::to_string(target_slot) + ", outside section " +
                 target->name);
    return Callee{target, static_cast<std::uint32_t>(target_slot)};
  }

  template <class OnCall, class OnLoad>
  Status for_each_reference(const Placed& placed, OnCall on_call, OnLoad on_load) {
    const CodeSection& section = *placed.section;
    std::uint32_t end = placed.source.first + placed.source.slots;
    for (std::uint32_t slot = placed.source.first; slot < end; ++slot) {
      Instruction i = decode(section.slots[slot]);
      std::uint32_t at = placed.first + slot - placed.source.first;
      if (i.opcode == kOpCall && i.src == kCallLocal) FAISCA_CHECK_OK(on_call(slot, at));
      if (i.opcode != kOpLoad64) continue;
      const Relocation* relocation = relocation_at(section, slot);
      if (relocation != nullptr && slot + 1 < end) FAISCA_CHECK_OK(on_load(slot, at, *relocation));
      ++slot;
    }
    return {};
  }

  // Finds what a placed function needs: callees are placed, data sections and maps are noted.
  Status gather(Placed placed) {
    const CodeSection& section = *placed.section;
    return for_each_reference(
        placed,
        [&](std::uint32_t slot, std::uint32_t) -> Status {
          FAISCA_TRY(target, callee(section, slot));
          return place_function(*target.section, target.slot, place(section, slot)).map([](auto) {});
        },
        [&](std::uint32_t slot, std::uint32_t, const Relocation& relocation) -> Status {
          if (const ObjectMap* map = find_map(relocation, addend_of(section, slot))) {
            maps_used_.insert(map);
            return {};
          }
          return use_data(relocation, place(section, slot));
        });
  }

  // The map that an lddw refers to. A static map is named by its section, with its place as the addend.
  const ObjectMap* find_map(const Relocation& relocation, std::uint64_t addend) const {
    for (const auto& map : object_.maps)
      if (map.section == relocation.target_section && map.offset == relocation.target_offset + addend)
        return &map;
    return nullptr;
  }

  // The constant that the compiler left in an lddw.
  static std::uint64_t addend_of(const CodeSection& section, std::uint32_t slot) {
    return static_cast<std::uint32_t>(decode(section.slots[slot]).imm) | (section.slots[slot + 1] >> 32)
                                                                             << 32;
  }

  Status use_data(const Relocation& relocation, const std::string& where) {
    FAISCA_TRY(data, note_data(relocation, where));
    // Pointers in one data section may lead to further ones.
    std::vector<const DataSection*> open;
    if (data != nullptr) open.push_back(data);
    while (!open.empty()) {
      const DataSection& outer = *open.back();
      open.pop_back();
      for (const auto& pointer : outer.relocations) {
        FAISCA_TRY(inner,
                   note_data(pointer, "section " + outer.name + ", byte " + std::to_string(pointer.offset)));
        if (inner != nullptr) open.push_back(inner);
      }
    }
    return {};
  }

  // The data section that `relocation` leads to, if it was not noted before.
  Result<const DataSection*> note_data(const Relocation& relocation, const std::string& where) {
    if (relocation.target_section == 0)
      return bad(
          where + " refers to " + relocation.symbol + ", an unknown symbol: it is not defined in this object",
          "define it in the same file; extern and CO-RE variables are not available on the device");
    if (find_section(object_.code, relocation.target_section) != nullptr)
      return fail(Code::kUnimplemented, where + " takes the address of function " + relocation.symbol,
                  "callbacks and function pointers are not available on the device");
    const DataSection* data = find_section(object_.data, relocation.target_section);
    if (data == nullptr)
      return bad(where + " refers to " + relocation.symbol + ", which is neither data nor a map");
    return data_addresses_.emplace(data->index, 0).second ? data : nullptr;
  }

  Status place_data() {
    for (const auto& data : object_.data) {
      auto used = data_addresses_.find(data.index);
      if (used == data_addresses_.end()) continue;
      std::size_t at = (program_.data.size() + data.alignment - 1) / data.alignment * data.alignment;
      if (at + data.bytes.size() > options_.limits.data_bytes)
        return fail(Code::kOutOfRange,
                    "section " + data.name + " brings the globals to " +
                        std::to_string(at + data.bytes.size()) + " bytes; the device has " +
                        std::to_string(options_.limits.data_bytes),
                    "use smaller tables");
      program_.data.resize(at, 0);
      program_.data.insert(program_.data.end(), data.bytes.begin(), data.bytes.end());
      used->second = static_cast<std::uint32_t>(kDataBase + options_.data_offset + at);
    }
    return {};
  }

  Status place_maps() {
    for (const auto& map : object_.maps)
      if (maps_used_.contains(&map)) program_.maps.push_back(map.descriptor);
    FAISCA_CHECK_OK(assign_maps(program_, options_.limits.data_bytes));
    if (options_.map_id)
      for (auto& map : program_.maps) map.id = options_.map_id(map);
    std::size_t next = 0;
    for (const auto& map : object_.maps)
      if (maps_used_.contains(&map)) map_ids_[&map] = program_.maps[next++].id;
    return {};
  }

  // Device address of a datum: its symbol's place plus the addend that the compiler left in the instruction
  // or pointer.
  Result<std::uint64_t> data_address(const Relocation& relocation, std::uint64_t addend,
                                     const std::string& where) const {
    const DataSection* data = find_section(object_.data, relocation.target_section);
    std::uint64_t offset = relocation.target_offset + addend;
    if (offset > data->bytes.size())
      return bad(where + " refers to byte " + std::to_string(static_cast<std::int64_t>(offset)) +
                 " of section " + data->name + ", which has " + std::to_string(data->bytes.size()));
    return data_addresses_.at(data->index) + offset;
  }

  Status patch(const Placed& placed) {
    const CodeSection& section = *placed.section;
    return for_each_reference(
        placed,
        [&](std::uint32_t slot, std::uint32_t at) -> Status {
          FAISCA_TRY(target, callee(section, slot));
          Instruction i = decode(program_.slots[at]);
          i.imm = static_cast<std::int32_t>(first_slots_.at({target.section->index, target.slot}) - at - 1);
          program_.slots[at] = encode(i);
          return {};
        },
        [&](std::uint32_t slot, std::uint32_t at, const Relocation& relocation) -> Status {
          Instruction low = decode(program_.slots[at]), high = decode(program_.slots[at + 1]);
          std::uint64_t value;
          std::uint64_t addend = addend_of(section, slot);
          if (const ObjectMap* map = find_map(relocation, addend)) {
            value = map_ids_.at(map);
          } else {
            FAISCA_TRY(address, data_address(relocation, addend, place(section, slot)));
            value = address;
          }
          low.src = 0;
          low.imm = static_cast<std::int32_t>(value);
          high.imm = static_cast<std::int32_t>(value >> 32);
          program_.slots[at] = encode(low);
          program_.slots[at + 1] = encode(high);
          return {};
        });
  }

  Status patch_data() {
    for (const auto& data : object_.data) {
      auto used = data_addresses_.find(data.index);
      if (used == data_addresses_.end()) continue;
      for (const auto& relocation : data.relocations) {
        std::uint8_t* pointer =
            program_.data.data() + (used->second - kDataBase - options_.data_offset) + relocation.offset;
        std::uint64_t addend = 0;
        for (int b = 7; b >= 0; --b) addend = addend << 8 | pointer[b];
        FAISCA_TRY(address,
                   data_address(relocation, addend,
                                "section " + data.name + ", byte " + std::to_string(relocation.offset)));
        for (int b = 0; b < 8; ++b) pointer[b] = static_cast<std::uint8_t>(address >> (8 * b));
      }
    }
    return {};
  }

  const Object& object_;
  const LinkOptions& options_;
  Program program_;
  std::vector<Placed> placed_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>
      first_slots_;                                        // (section, slot) → slot in the program
  std::map<std::uint32_t, std::uint32_t> data_addresses_;  // section → device address
  std::set<const ObjectMap*> maps_used_;
  std::map<const ObjectMap*, std::uint32_t> map_ids_;
};

}  // namespace

Result<Program> link(const Object& object, const LinkOptions& options) {
  return Linker(object, options).run();
}

}  // namespace faisca::bpf
