// `faisca bpf check FILE` and `faisca bpf dump FILE`
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <ostream>
#include <span>

#include "cli/command.h"
#include "cli/exit_code.h"
#include "cli/print.h"
#include "lib/base/files.h"
#include "lib/bpf/disassembler.h"
#include "lib/bpf/object.h"
#include "lib/bpf/verifier.h"

namespace faisca::cli {
namespace {

using Json = nlohmann::ordered_json;

struct BpfOptions {
  std::string file;
  std::string program;
  std::string convention;
};

// Every program of the object, or the one that was asked for, linked as the device gets it.
Result<std::vector<bpf::Program>> read_programs(const BpfOptions& options) {
  FAISCA_TRY(bytes, read_file(options.file, bpf::kMaxObjectBytes));
  const auto reading = while_doing("reading " + options.file);
  FAISCA_TRY(object, bpf::load_object(std::span(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()))
                         .map_error(reading));
  bpf::LinkOptions link{.program = options.program};
  if (!options.convention.empty())
    link.convention = options.convention == "xdp" ? bpf::Convention::kXdp : bpf::Convention::kMem;
  std::vector<std::string> names;
  if (options.program.empty())
    for (const bpf::ObjectProgram& program : object.programs) names.push_back(program.name);
  else
    names.push_back(options.program);
  std::vector<bpf::Program> programs;
  for (const std::string& name : names) {
    link.program = name;
    FAISCA_TRY(program, bpf::link(object, link).map_error(reading));
    programs.push_back(std::move(program));
  }
  return programs;
}

Json describe(const bpf::Program& program) {
  Json maps = Json::array();
  for (const bpf::MapDescriptor& map : program.maps)
    maps.push_back({{"name", map.name},
                    {"type", bpf::map_type_name(map.type)},
                    {"keyBytes", map.key_size},
                    {"valueBytes", map.value_size},
                    {"entries", map.max_entries}});
  return {{"program", program.name},
          {"convention", bpf::convention_name(program.convention)},
          {"instructions", program.slots.size()},
          {"functions", program.functions.size()},
          {"dataBytes", program.data_bytes},
          {"maps", maps}};
}

Result<int> check(const BpfOptions& options, Context& context) {
  FAISCA_TRY(programs, read_programs(options));
  Json all = Json::array();
  std::vector<std::vector<std::string>> rows = {{"PROGRAM", "CONVENTION", "INSTRUCTIONS", "DATA", "MAPS"}};
  for (const bpf::Program& program : programs) {
    FAISCA_CHECK_OK(bpf::verify(program).map_error(while_doing("verifying " + program.name)));
    all.push_back(describe(program));
    std::string maps;
    for (const bpf::MapDescriptor& map : program.maps)
      maps += (maps.empty() ? "" : ", ") + map.name + " (" + std::string(bpf::map_type_name(map.type)) +
              ", " + std::to_string(map.max_entries) + ")";
    rows.push_back({program.name, std::string(bpf::convention_name(program.convention)),
                    std::to_string(program.slots.size()), std::to_string(program.data_bytes) + " B",
                    maps.empty() ? "-" : maps});
  }
  switch (context.format) {
    case Format::kTable:
      *context.out << table(rows);
      break;
    case Format::kJson:
      *context.out << all.dump(2) << "\n";
      break;
    case Format::kYaml:
      *context.out << json_as_yaml(all.dump());
      break;
  }
  return kExitOk;
}

Result<int> dump(const BpfOptions& options, Context& context) {
  FAISCA_TRY(programs, read_programs(options));
  for (const bpf::Program& program : programs) {
    if (programs.size() > 1) *context.out << "program " << program.name << "\n";
    *context.out << bpf::disassemble(program);
  }
  return kExitOk;
}

void add(CLI::App& parent, Runs& runs, const char* name, const char* description,
         Result<int> (*run)(const BpfOptions&, Context&)) {
  CLI::App* command = parent.add_subcommand(name, description);
  auto options = std::make_shared<BpfOptions>();
  command->add_option("file", options->file, "Object made by clang -target bpf")
      ->required()
      ->type_name("FILE");
  command->add_option("--program", options->program, "Only this program of the object")->type_name("NAME");
  command->add_option("--convention", options->convention, "mem or xdp, whatever its section says")
      ->type_name("CONVENTION")
      ->check(CLI::IsMember({"mem", "xdp"}).description(""));
  runs[command] = [options, run](Context& context) { return run(*options, context); };
}

}  // namespace

void add_bpf(CLI::App& root, Runs& runs) {
  CLI::App* group = root.add_subcommand("bpf", "Look into eBPF objects");
  group->require_subcommand(1);
  add(*group, runs, "check", "Verify the programs of an object as the device would", check);
  add(*group, runs, "dump", "Disassemble the programs of an object", dump);
}

}  // namespace faisca::cli
