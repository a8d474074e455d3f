#include "watchdog/offload/answer.h"

#include "lib/http/write.h"

namespace faisca::watchdog {
namespace {

std::string hex(uint64_t value, int digits) {
  std::string out = "0x";
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) out += "0123456789abcdef"[value >> shift & 15];
  return out;
}

}  // namespace

Result<std::string> answer_body(api::OffloadOutput output, api::Convention convention,
                                const AgentAnswer& answer) {
  switch (output) {
    case api::OffloadOutput::kDecimal:
      return std::to_string(answer.r0);
    case api::OffloadOutput::kHex16:
      return hex(answer.r0, 4);
    case api::OffloadOutput::kHex32:
      return hex(answer.r0, 8);
    case api::OffloadOutput::kHex64:
      return hex(answer.r0, 16);
    case api::OffloadOutput::kMemory:
      break;
  }
  if (convention == api::Convention::kXdp) return answer.memory;
  if (answer.r0 > answer.memory.size())
    return fail(Code::kInternal,
                "the program answered a length of " + std::to_string(answer.r0) + " bytes, its memory has " +
                    std::to_string(answer.memory.size()),
                "with output memory, R0 must be how many bytes of the memory are the answer");
  return answer.memory.substr(0, answer.r0);
}

std::string_view verdict_name(uint64_t r0) {
  // linux/bpf.h, enum xdp_action.
  switch (static_cast<uint32_t>(r0)) {
    case 1:
      return "XDP_DROP";
    case 2:
      return "XDP_PASS";
    case 3:
      return "XDP_TX";
    case 4:
      return "XDP_REDIRECT";
    default:
      return "XDP_ABORTED";
  }
}

std::string answer_headers(api::Convention convention, const AgentAnswer& answer) {
  std::string out;
  http::append_header(out, "X-Faisca-Instructions", answer.instructions);
  http::append_header(out, "X-Faisca-Cycles", answer.cycles);
  if (convention == api::Convention::kXdp)
    http::append_header(out, "X-Faisca-Verdict", verdict_name(answer.r0));
  return out;
}

Result<api::OffloadOutput> parse_output(std::string_view text) {
  if (text == "decimal") return api::OffloadOutput::kDecimal;
  if (text == "hex16") return api::OffloadOutput::kHex16;
  if (text == "hex32") return api::OffloadOutput::kHex32;
  if (text == "hex64") return api::OffloadOutput::kHex64;
  if (text == "memory") return api::OffloadOutput::kMemory;
  return fail(Code::kInvalidArgument, "output: \"" + std::string(text) + "\" is none",
              "decimal, hex16, hex32, hex64 or memory");
}

Result<api::Convention> parse_convention(std::string_view text) {
  if (text == "mem") return api::Convention::kMem;
  if (text == "xdp") return api::Convention::kXdp;
  return fail(Code::kInvalidArgument, "convention: \"" + std::string(text) + "\" is none", "mem or xdp");
}

}  // namespace faisca::watchdog
