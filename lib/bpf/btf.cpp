#include "lib/bpf/btf.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "lib/bpf/elf_file.h"

namespace faisca::bpf {
namespace {

enum Kind : std::uint32_t {
  kInt = 1,
  kPtr,
  kArray,
  kStruct,
  kUnion,
  kEnum,
  kFwd,
  kTypedef,
  kVolatile,
  kConst,
  kRestrict,
  kFunc,
  kFuncProto,
  kVar,
  kDatasec,
  kFloat,
  kDeclTag,
  kTypeTag,
  kEnum64
};

constexpr std::uint16_t kMagic = 0xeb9f;
constexpr int kMaxNesting = 32;

tl::unexpected<Error> bad(std::string what) {
  return fail(Code::kInvalidArgument, "section .BTF: " + std::move(what),
              "the object is damaged; build it again with -g");
}

// Bytes that follow the 12-byte head of a type.
std::optional<std::uint64_t> tail_bytes(std::uint32_t kind, std::uint64_t count) {
  switch (kind) {
    case kInt:
    case kVar:
    case kDeclTag:
      return 4;
    case kPtr:
    case kFwd:
    case kTypedef:
    case kVolatile:
    case kConst:
    case kRestrict:
    case kFunc:
    case kFloat:
    case kTypeTag:
      return 0;
    case kArray:
      return 12;
    case kStruct:
    case kUnion:
    case kDatasec:
    case kEnum64:
      return 12 * count;
    case kEnum:
    case kFuncProto:
      return 8 * count;
    default:
      return std::nullopt;
  }
}

class Btf {
 public:
  static Result<Btf> open(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < 24) return bad("ends inside its header");
    if (read_le<std::uint16_t>(bytes, 0) != kMagic) return bad("wrong magic number");
    std::uint64_t header = read_le<std::uint32_t>(bytes, 4);
    std::uint64_t type_offset = read_le<std::uint32_t>(bytes, 8),
                  type_size = read_le<std::uint32_t>(bytes, 12);
    std::uint64_t string_offset = read_le<std::uint32_t>(bytes, 16),
                  string_size = read_le<std::uint32_t>(bytes, 20);
    if (header + type_offset + type_size > bytes.size() ||
        header + string_offset + string_size > bytes.size())
      return bad("types or strings are outside the section");
    Btf btf;
    btf.types_ = bytes.subspan(header + type_offset, type_size);
    btf.strings_ = bytes.subspan(header + string_offset, string_size);
    FAISCA_CHECK_OK(btf.index());
    return btf;
  }

  std::uint32_t count() const { return static_cast<std::uint32_t>(offsets_.size()); }
  bool exists(std::uint32_t id) const { return id > 0 && id < offsets_.size(); }
  std::uint32_t kind(std::uint32_t id) const { return exists(id) ? word(id, 1) >> 24 & 0x1f : 0; }
  std::uint32_t members(std::uint32_t id) const { return word(id, 1) & 0xffff; }
  std::uint32_t size_or_type(std::uint32_t id) const { return word(id, 2); }
  // 32-bit word `index` of a type: 0 name, 1 info, 2 size or type, then its tail.
  std::uint32_t word(std::uint32_t id, std::size_t index) const {
    return read_le<std::uint32_t>(types_, offsets_[id] + 4 * index);
  }
  std::string string(std::uint32_t offset) const {
    if (offset >= strings_.size()) return "";
    auto begin = strings_.begin() + offset;
    return std::string(begin, std::find(begin, strings_.end(), 0));
  }

  // The type behind typedefs and qualifiers; 0 if there is none.
  std::uint32_t resolve(std::uint32_t id) const {
    for (int depth = 0; depth < kMaxNesting && exists(id); ++depth) {
      std::uint32_t k = kind(id);
      bool is_alias = k == kTypedef || k == kVolatile || k == kConst || k == kRestrict || k == kTypeTag;
      if (!is_alias) return id;
      id = size_or_type(id);
    }
    return 0;
  }

  std::optional<std::uint64_t> size_of(std::uint32_t id, int depth = 0) const {
    id = resolve(id);
    if (id == 0 || depth > kMaxNesting) return std::nullopt;
    switch (kind(id)) {
      case kInt:
      case kStruct:
      case kUnion:
      case kEnum:
      case kFloat:
      case kEnum64:
        return size_or_type(id);
      case kPtr:
        return 8;
      case kArray: {
        auto element = size_of(word(id, 3), depth + 1);
        if (!element) return std::nullopt;
        return *element * word(id, 5) <= UINT32_MAX ? std::optional(*element * word(id, 5)) : std::nullopt;
      }
      default:
        return std::nullopt;
    }
  }

 private:
  Status index() {
    offsets_.push_back(0);  // type 0 is void
    for (std::uint64_t at = 0; at < types_.size();) {
      if (types_.size() - at < 12) return bad("type #" + std::to_string(offsets_.size()) + " is cut off");
      auto info = read_le<std::uint32_t>(types_, at + 4);
      auto tail = tail_bytes(info >> 24 & 0x1f, info & 0xffff);
      if (!tail)
        return bad("type #" + std::to_string(offsets_.size()) + " has unknown kind " +
                   std::to_string(info >> 24 & 0x1f));
      if (types_.size() - at - 12 < *tail)
        return bad("type #" + std::to_string(offsets_.size()) + " is cut off");
      offsets_.push_back(at);
      at += 12 + *tail;
    }
    return {};
  }

  std::span<const std::uint8_t> types_, strings_;
  std::vector<std::uint64_t> offsets_;
};

tl::unexpected<Error> bad_map(const std::string& map, std::string what) {
  return fail(Code::kInvalidArgument, "map " + map + " in .maps: " + std::move(what),
              "declare it with __uint(type, …), __type(key, …), __type(value, …), __uint(max_entries, …)");
}

// __uint(name, N) is a pointer to an array of N ints.
std::optional<std::uint32_t> uint_value(const Btf& btf, std::uint32_t type) {
  type = btf.resolve(type);
  if (btf.kind(type) != kPtr) return std::nullopt;
  type = btf.resolve(btf.size_or_type(type));
  if (btf.kind(type) != kArray) return std::nullopt;
  return btf.word(type, 5);
}

// __type(name, T) is a pointer to T.
std::optional<std::uint64_t> pointee_size(const Btf& btf, std::uint32_t type) {
  type = btf.resolve(type);
  if (btf.kind(type) != kPtr) return std::nullopt;
  return btf.size_of(btf.size_or_type(type));
}

Status read_member(const Btf& btf, const std::string& member, std::uint32_t type, MapDescriptor& out) {
  std::optional<std::uint64_t> value;
  std::uint32_t* field = nullptr;
  std::uint32_t map_type = 0;
  if (member == "key" || member == "value") {
    field = member == "key" ? &out.key_size : &out.value_size;
    value = pointee_size(btf, type);
  } else {
    if (member == "type")
      field = &map_type;
    else if (member == "key_size")
      field = &out.key_size;
    else if (member == "value_size")
      field = &out.value_size;
    else if (member == "max_entries")
      field = &out.max_entries;
    else if (member == "map_flags")
      field = &out.flags;
    // Where a map is kept or mapped does not concern the device.
    else if (member == "pinning" || member == "numa_node" || member == "map_extra")
      return {};
    else
      return fail(Code::kUnimplemented,
                  "map " + out.name + " in .maps: member `" + member + "` is not available on the device",
                  "maps of maps and program arrays are not supported");
    value = uint_value(btf, type);
  }
  if (!value || *value > UINT32_MAX) return bad_map(out.name, "member `" + member + "` has no usable type");
  *field = static_cast<std::uint32_t>(*value);
  if (member == "type") out.type = static_cast<MapType>(map_type);
  return {};
}

Result<MapDescriptor> read_map(const Btf& btf, std::uint32_t variable) {
  if (btf.kind(variable) != kVar)
    return bad("section .maps holds type #" + std::to_string(variable) + ", which is no variable");
  MapDescriptor map;
  map.name = btf.string(btf.word(variable, 0));
  map.type = MapType{0};
  std::uint32_t type = btf.resolve(btf.size_or_type(variable));
  if (btf.kind(type) != kStruct) return bad_map(map.name, "is no struct");
  for (std::uint32_t m = 0; m < btf.members(type); ++m) {
    std::string member = btf.string(btf.word(type, 3 + 3 * m));
    FAISCA_CHECK_OK(read_member(btf, member, btf.word(type, 4 + 3 * m), map));
  }
  return map;
}

}  // namespace

Result<std::vector<MapDescriptor>> read_btf_maps(std::span<const std::uint8_t> bytes) {
  FAISCA_TRY(btf, Btf::open(bytes));
  std::vector<MapDescriptor> maps;
  for (std::uint32_t id = 1; id < btf.count(); ++id) {
    if (btf.kind(id) != kDatasec || btf.string(btf.word(id, 0)) != ".maps") continue;
    for (std::uint32_t entry = 0; entry < btf.members(id); ++entry) {
      FAISCA_TRY(map, read_map(btf, btf.word(id, 3 + 3 * entry)));
      maps.push_back(std::move(map));
    }
  }
  return maps;
}

}  // namespace faisca::bpf
