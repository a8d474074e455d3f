#include "lib/bpf/object_maps.h"

#include <elf.h>

#include <algorithm>
#include <tuple>

#include "lib/bpf/btf.h"

namespace faisca::bpf {
namespace {

// Named symbols of `section`, by offset.
std::vector<ElfSymbol> symbols_in(const ElfFile& file, const ElfSection& section) {
  std::vector<ElfSymbol> found;
  for (const auto& symbol : file.symbols)
    if (symbol.section == section.index && symbol.type != STT_SECTION && !symbol.name.empty())
      found.push_back(symbol);
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
    return std::tie(a.value, a.name) < std::tie(b.value, b.name);
  });
  return found;
}

Status read_described(const ElfFile& file, const ElfSection& section, std::vector<ObjectMap>& maps) {
  auto symbols = symbols_in(file, section);
  if (symbols.empty()) return {};
  const ElfSection* btf = file.find(".BTF");
  if (btf == nullptr)
    return fail(Code::kInvalidArgument,
                "section .maps has maps, but the object has no section .BTF that describes them",
                "build with clang -g");
  FAISCA_TRY(described, read_btf_maps(btf->bytes));
  for (const auto& symbol : symbols) {
    auto found = std::find_if(described.begin(), described.end(),
                              [&](const auto& map) { return map.name == symbol.name; });
    if (found == described.end())
      return fail(Code::kInvalidArgument,
                  "map " + symbol.name + " of section .maps is not described in section .BTF",
                  "build with clang -g");
    maps.push_back({*found, section.index, symbol.value});
  }
  return {};
}

// struct bpf_map_def: type, key_size, value_size, max_entries, and in most files map_flags.
Status read_legacy(const ElfFile& file, const ElfSection& section, std::vector<ObjectMap>& maps) {
  auto symbols = symbols_in(file, section);
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const auto& symbol = symbols[i];
    std::uint64_t end = i + 1 < symbols.size() ? symbols[i + 1].value : section.bytes.size();
    if (symbol.value > section.bytes.size() || end > section.bytes.size() || end - symbol.value < 16)
      return fail(Code::kInvalidArgument,
                  "section maps, byte " + std::to_string(symbol.value) + ": map " + symbol.name +
                      " needs at least 16 bytes of definition",
                  "use struct bpf_map_def, or SEC(\".maps\") with -g");
    auto field = [&](std::size_t index) {
      return read_le<std::uint32_t>(section.bytes, symbol.value + 4 * index);
    };
    ObjectMap map;
    map.descriptor = {.name = symbol.name,
                      .type = static_cast<MapType>(field(0)),
                      .key_size = field(1),
                      .value_size = field(2),
                      .max_entries = field(3),
                      .flags = end - symbol.value >= 20 ? field(4) : 0};
    map.section = section.index;
    map.offset = symbol.value;
    maps.push_back(std::move(map));
  }
  return {};
}

}  // namespace

Result<std::vector<ObjectMap>> read_maps(const ElfFile& file) {
  std::vector<ObjectMap> maps;
  if (const ElfSection* section = file.find(".maps")) FAISCA_CHECK_OK(read_described(file, *section, maps));
  if (const ElfSection* section = file.find("maps")) FAISCA_CHECK_OK(read_legacy(file, *section, maps));
  return maps;
}

}  // namespace faisca::bpf
