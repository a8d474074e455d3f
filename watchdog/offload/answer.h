// What an offloaded program left behind, as an HTTP answer. Pure.
#pragma once

#include <string>
#include <string_view>

#include "api/types/function/function.h"
#include "lib/base/result.h"
#include "watchdog/offload/agent_client.h"

namespace faisca::watchdog {

// The body. kInternal: with kMemory and `mem`, R0 claims more bytes than the memory has.
Result<std::string> answer_body(api::OffloadOutput output, api::Convention convention,
                                const AgentAnswer& answer);

// "X-Faisca-Instructions", "X-Faisca-Cycles" and for xdp "X-Faisca-Verdict", each with its CRLF.
std::string answer_headers(api::Convention convention, const AgentAnswer& answer);

// "XDP_PASS"; a number that is no verdict counts as XDP_ABORTED, as in the kernel.
std::string_view verdict_name(uint64_t r0);

Result<api::OffloadOutput> parse_output(std::string_view text);
Result<api::Convention> parse_convention(std::string_view text);

}  // namespace faisca::watchdog
