#include "lib/bpf/object.h"

#include <elf.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <random>

#include "lib/bpf/elf_file.h"
#include "lib/bpf/instruction.h"
#include "lib/bpf/verifier.h"

namespace faisca::bpf {
namespace {

using Bytes = std::vector<std::uint8_t>;

// An object of testdata/, for example "maps.v3.g".
Bytes object_file(const std::string& name) {
  std::ifstream stream(std::string(FAISCA_BPF_TESTDATA) + "/" + name + ".o", std::ios::binary);
  EXPECT_TRUE(stream) << name;
  return {std::istreambuf_iterator<char>(stream), {}};
}

// maps.bpf.c has two programs.
LinkOptions program_of(std::string_view sample) {
  LinkOptions options;
  if (sample == "maps") options.program = "count";
  return options;
}

std::string refusal(const Bytes& bytes, const LinkOptions& options = {}) {
  auto program = load_program(bytes, options);
  return program ? "accepted" : program.error().message;
}

template <class T>
void patch(Bytes& bytes, std::size_t offset, T value) {
  std::memcpy(bytes.data() + offset, &value, sizeof value);
}

// Place of a section's contents in the file.
std::size_t file_offset(const Bytes& bytes, const std::string& section) {
  auto file = read_elf(bytes);
  EXPECT_TRUE(file);
  const ElfSection* found = file->find(section);
  EXPECT_NE(found, nullptr) << section;
  return found == nullptr ? 0 : static_cast<std::size_t>(found->bytes.data() - bytes.data());
}

TEST(Object, LoadsAndVerifiesForEveryInstructionSetWithAndWithoutBtf) {
  for (const char* name : {"answer", "checksum", "functions", "strings", "legacy_maps", "maps"}) {
    for (const char* cpu : {"v1", "v2", "v3", "v4"}) {
      for (const char* debug : {"g", "nog"}) {
        if (std::string(name) == "maps" && std::string(debug) == "nog") continue;
        std::string file = std::string(name) + "." + cpu + "." + debug;
        auto program = load_program(object_file(file), program_of(name));
        ASSERT_TRUE(program) << file << ": " << program.error().text();
        auto status = verify(*program);
        EXPECT_TRUE(status) << file << ": " << status.error().text();
        EXPECT_EQ(program->convention, Convention::kMem);
      }
    }
  }
}

TEST(Object, ReadsMapsFromBtf) {
  auto program = load_program(object_file("maps.v3.g"), program_of("maps"));
  ASSERT_TRUE(program) << program.error().text();
  ASSERT_EQ(program->maps.size(), 2u);
  EXPECT_EQ(program->maps[0].name, "runs");
  EXPECT_EQ(program->maps[0].type, MapType::kArray);
  EXPECT_EQ(program->maps[0].key_size, 4u);
  EXPECT_EQ(program->maps[0].value_size, 8u);
  EXPECT_EQ(program->maps[1].name, "seen");
  EXPECT_EQ(program->maps[1].max_entries, 256u);
  EXPECT_EQ(program->data_bytes, 2u * 8 + 256 * 8);
}

TEST(Object, TakesOnlyTheMapsAndDataThatAProgramUses) {
  auto program = load_program(object_file("legacy_maps.v3.nog"));
  ASSERT_TRUE(program) << program.error().text();
  ASSERT_EQ(program->maps.size(), 1u);
  EXPECT_EQ(program->maps[0].name, "squares");
  EXPECT_TRUE(program->data.empty());
}

TEST(Object, ResolvesDataToDeviceAddresses) {
  auto program = load_program(object_file("strings.v3.g"));
  ASSERT_TRUE(program) << program.error().text();
  // The table holds four device pointers into the strings.
  ASSERT_GE(program->data.size(), 32u);
  for (int i = 0; i < 4; ++i) {
    auto pointer = read_le<std::uint64_t>(program->data, 8 * i);
    ASSERT_GE(pointer, kDataBase);
    ASSERT_LT(pointer, kDataBase + program->data.size());
  }
  EXPECT_EQ(program->data[read_le<std::uint64_t>(program->data, 8) - kDataBase], 'o');
  for (std::uint64_t slot : program->slots)
    if (decode(slot).opcode == 0x18) EXPECT_EQ(decode(slot).src, 0);
}

TEST(Object, ListsProgramsAndTakesTheOneAskedFor) {
  auto object = load_object(object_file("xdp.v3.g"));
  ASSERT_TRUE(object) << object.error().text();
  ASSERT_EQ(object->programs.size(), 2u);
  EXPECT_EQ(object->license, "GPL");
  auto unnamed = link(*object);
  ASSERT_FALSE(unnamed);
  EXPECT_EQ(unnamed.error().message, "the object has 2 programs");
  EXPECT_EQ(unnamed.error().hint, "choose one of drop_udp, strip");
  auto strip = link(*object, {.program = "strip", .convention = {}, .limits = {}});
  ASSERT_TRUE(strip) << strip.error().text();
  EXPECT_EQ(strip->convention, Convention::kXdp);
  EXPECT_EQ(strip->functions.size(), 1u) << "the other program of the section is left out";
  auto other = link(*object, {.program = "absent", .convention = {}, .limits = {}});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Code::kNotFound);
  auto forced = link(*object, {.program = "drop_udp", .convention = Convention::kMem, .limits = {}});
  ASSERT_TRUE(forced);
  EXPECT_EQ(forced->convention, Convention::kMem);
}

TEST(Object, RefusesWhatIsNotAnEbpfObject) {
  Bytes good = object_file("answer.v3.g");
  EXPECT_EQ(refusal({}), "not an ELF file: the first bytes are not 7f 45 4c 46");
  EXPECT_EQ(refusal(Bytes{'#', '!', '/', 'b', 'i', 'n'}),
            "not an ELF file: the first bytes are not 7f 45 4c 46");
  EXPECT_EQ(refusal(Bytes(good.begin(), good.begin() + 20)),
            "the ELF file ends inside its header, after 20 bytes");
  Bytes bad = good;
  bad[EI_CLASS] = ELFCLASS32;
  EXPECT_EQ(refusal(bad), "a 32-bit ELF file; eBPF objects are 64-bit");
  bad = good;
  bad[EI_DATA] = ELFDATA2MSB;
  EXPECT_EQ(refusal(bad), "a big-endian eBPF object; the device is little-endian");
  bad = good;
  patch<std::uint16_t>(bad, offsetof(Elf64_Ehdr, e_machine), EM_X86_64);
  EXPECT_EQ(refusal(bad), "an ELF file for machine 62, not for eBPF (247)");
  bad = good;
  patch<std::uint16_t>(bad, offsetof(Elf64_Ehdr, e_type), ET_EXEC);
  EXPECT_EQ(refusal(bad), "ELF type 2 is not relocatable (1)");
  bad = good;
  patch<std::uint64_t>(bad, offsetof(Elf64_Ehdr, e_shoff), ~std::uint64_t{0} - 8);
  EXPECT_NE(refusal(bad).find("is outside the file"), std::string::npos);
  EXPECT_EQ(load_object(Bytes(kMaxObjectBytes + 1)).error().code, Code::kOutOfRange);
}

TEST(Object, NamesTheUnknownSymbol) {
  EXPECT_EQ(refusal(object_file("unknown_symbol.v3.g")),
            "section mem, instruction 1 calls missing_function, an unknown symbol: it is no function of this "
            "object");
}

TEST(Object, AsksForBtfWhereMapsNeedIt) {
  auto program = load_program(object_file("maps.v3.nog"));
  ASSERT_FALSE(program);
  EXPECT_EQ(program.error().hint, "build with clang -g");
}

TEST(Object, RefusesRelocationsOutOfPlace) {
  Bytes good = object_file("functions.v3.nog");
  std::size_t relocations = file_offset(good, ".relmem/sum");
  Bytes bad = good;
  patch<std::uint64_t>(bad, relocations, 0x10000);
  EXPECT_NE(refusal(bad).find("section mem/sum, byte 65536 (relocation 0) is not at an instruction"),
            std::string::npos)
      << refusal(bad);
  bad = good;
  patch<std::uint32_t>(bad, relocations + 12, 0xffffff);
  EXPECT_NE(refusal(bad).find("symbol #16777215 does not exist"), std::string::npos) << refusal(bad);
  bad = good;
  patch<std::uint32_t>(bad, relocations + 8, 77);
  EXPECT_NE(refusal(bad).find("relocation type 77 is not known in code"), std::string::npos) << refusal(bad);
}

TEST(Object, RefusesDataThatDoesNotFitTheDevice) {
  LinkOptions small;
  small.limits.data_bytes = 16;
  EXPECT_EQ(refusal(object_file("functions.v3.g"), small),
            "section .rodata brings the globals to 32 bytes; the device has 16");
  small.program = "count";
  auto maps = load_program(object_file("maps.v3.g"), small);
  ASSERT_FALSE(maps);
  EXPECT_EQ(maps.error().code, Code::kOutOfRange);
}

TEST(Object, RefusesAnEndlessLoopWhenVerified) {
  auto program = load_program(object_file("endless.v3.g"));
  ASSERT_TRUE(program) << program.error().text();
  auto status = verify(*program);
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("endless loop"), std::string::npos) << status.error().text();
}

TEST(Object, SurvivesEveryTruncation) {
  Bytes good = object_file("maps.v3.g");
  for (std::size_t size = 0; size < good.size(); ++size) {
    auto program = load_program(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)),
                                program_of("maps"));
    if (!program) EXPECT_FALSE(program.error().message.empty());
  }
}

TEST(Object, SurvivesRandomDamage) {
  std::mt19937 random(7);
  for (const char* name : {"functions.v3.nog", "maps.v3.g", "strings.v4.g"}) {
    Bytes good = object_file(name);
    for (int round = 0; round < 3000; ++round) {
      Bytes bad = good;
      for (int change = 0; change < 3; ++change)
        bad[random() % bad.size()] = static_cast<std::uint8_t>(random());
      auto program = load_program(bad, program_of(name));
      if (program) (void)verify(*program);
    }
  }
}

}  // namespace
}  // namespace faisca::bpf
