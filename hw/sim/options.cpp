#include "hw/sim/options.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <iostream>

namespace faisca::sim {
namespace {

constexpr std::uint32_t kPorts = 4;
constexpr std::uint64_t kMaxPackets = 5'000'000;  // all of them and their fates are kept in memory

tl::unexpected<Error> wrong(const std::string& option, const std::string& value, const std::string& form) {
  return fail(Code::kInvalidArgument, option + " " + value + " is not " + form);
}

template <class T>
bool parse_number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

Result<Options::Input> parse_input(const std::string& text) {
  const std::size_t equals = text.find('=');
  Options::Input input;
  if (equals == std::string::npos || equals + 1 == text.size() ||
      !parse_number(std::string_view(text).substr(0, equals), input.port))
    return wrong("--in", text, "PORT=FILE.pcap");
  if (input.port >= kPorts)
    return wrong("--in", text, "for a port of the device, 0 to " + std::to_string(kPorts - 1));
  input.path = text.substr(equals + 1);
  return input;
}

}  // namespace

Result<std::optional<Options>> parse_options(int argc, const char* const* argv) {
  Options options;
  std::vector<std::string> inputs, maps;
  std::string rate = "line", swap, oracle;
  std::uint64_t packets = 0;
  CLI::App app(
      "Runs an XDP object on the simulated device's four ports. Times are cycles of the RTL at an assumed "
      "200 MHz.",
      "faisca sim");
  app.add_option("--object", options.object, "eBPF object, as clang -target bpf writes it")->required();
  app.add_option("--program", options.program, "Function of the object; needed when it holds several");
  app.add_option("--in", inputs, "PORT=PCAP: packets that come in by a port; may be repeated");
  app.add_option("--out", options.out, "Folder for what leaves: port0.pcap …, host0.pcap …, NAME.map.json");
  app.add_option("--map", maps, "NAME=FILE.json: entries of a map; may be repeated");
  app.add_option("--size", options.size,
                 "Without --in: bytes of each packet, without FCS; 60 is a 64-byte frame");
  app.add_option("--flows", options.flows, "Without --in: flows of each port");
  app.add_option("--packets", packets, "How many packets; with --in files are cut or repeated");
  app.add_option("--rate", rate, "line, or millions of packets a second that all ports together get");
  app.add_option("--swap", swap, "FILE@PACKET: exchange the program when that packet comes");
  app.add_option("--oracle", oracle,
                 "Compare every packet and map with kernel or model; exit code 1 if they differ");
  app.add_flag("--serial", options.serial, "One packet at a time is in the device");
  app.add_flag("--strict", options.strict,
               "With --oracle: packets that differ only because they meet in maps count as different");
  app.add_option("--json", options.json, "File for the figures; - is stdout");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      app.exit(error, std::cout, std::cerr);
      return std::nullopt;
    }
    return fail(Code::kInvalidArgument, error.what(), "faisca sim --help lists the options");
  }
  for (const std::string& text : inputs) {
    FAISCA_TRY(input, parse_input(text));
    options.inputs.push_back(std::move(input));
  }
  for (const std::string& text : maps) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos || equals + 1 == text.size())
      return wrong("--map", text, "NAME=FILE.json");
    options.maps.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  if (rate != "line" && (!parse_number(rate, options.mpps) || !(options.mpps > 0) || options.mpps > 1000))
    return wrong("--rate", rate, "'line' or a number of Mpps above 0");
  if (app.count("--packets")) {
    if (packets == 0 || packets > kMaxPackets)
      return wrong("--packets", std::to_string(packets), "1 to " + std::to_string(kMaxPackets));
    options.packets = packets;
  }
  if (!swap.empty()) {
    const std::size_t at = swap.rfind('@');
    Options::Swap parsed;
    if (at == 0 || at == std::string::npos ||
        !parse_number(std::string_view(swap).substr(at + 1), parsed.packet) || parsed.packet == 0)
      return wrong("--swap", swap, "FILE@PACKET, with packets counted from 1");
    parsed.path = swap.substr(0, at);
    options.swap = std::move(parsed);
  }
  if (oracle == "kernel" || oracle == "model")
    options.oracle = oracle == "kernel" ? OracleKind::kKernel : OracleKind::kModel;
  else if (!oracle.empty())
    return wrong("--oracle", oracle, "kernel or model");
  return options;
}

}  // namespace faisca::sim
