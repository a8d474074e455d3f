// Any bytes from an API server are a value or an error, and lines are the same however the bytes are cut.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "lib/kube/answer.h"
#include "lib/kube/api_error.h"
#include "lib/kube/conditions.h"
#include "lib/kube/contains.h"
#include "lib/kube/credentials.h"
#include "lib/kube/leader.h"
#include "lib/kube/lines.h"
#include "lib/kube/object.h"
#include "lib/kube/quantity.h"
#include "lib/kube/time_text.h"

namespace {

using namespace faisca::kube;

std::string joined_lines(std::string_view text, size_t piece) {
  LineSplitter lines;
  std::string out;
  const auto take = [&](std::string_view line) {
    out.append(line).append("|");
    return true;
  };
  for (size_t i = 0; i < text.size(); i += piece) (void)lines.feed(text.substr(i, piece), take);
  lines.finish(take);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (joined_lines(text, 1) != joined_lines(text, 7)) __builtin_trap();
  (void)api_error(static_cast<int>(size % 600), text);
  (void)quantity_value(text);
  (void)parse_exec_credential(text);
  if (const auto time = parse_time(text); time && !parse_time(micro_time_text(*time))) __builtin_trap();
  if (const auto object = parse_answer(text)) {
    (void)key_of(*object);
    (void)controller_name(*object, "Function");
    (void)with_finalizer(*object, "x");
    (void)Conditions::from(at(*object, "/status/conditions"));
    (void)read_lease(*object, {}, {});
    if (!contains(*object, *object)) __builtin_trap();
  }
  return 0;
}
