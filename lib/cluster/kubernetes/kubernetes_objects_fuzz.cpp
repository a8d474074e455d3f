// Any JSON as a Function, an EndpointSlice or a Namespace, and any bytes as a line of a pod's log: a value or
// an error, and what is kept keeps its promises.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string_view>

#include "lib/cluster/kubernetes/pod_logs.h"
#include "lib/cluster/kubernetes/projection.h"
#include "lib/cluster/kubernetes/world.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace faisca::cluster;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  LogLine line;
  if (parse_pod_line(text, line) && line.text.size() > text.size()) std::abort();
  const auto object = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (object.is_discarded()) return 0;
  (void)takes_functions(object);
  World world;
  Snapshot snapshot;
  if (auto slice = slice_of(object)) {
    for (const Endpoint& endpoint : slice->ready)
      if (endpoint.id.empty() || endpoint.address.empty()) std::abort();
    world.put_slice({"n", "s"}, std::move(*slice));
  }
  for (const Origin origin : {Origin::kOpenFaas, Origin::kFaisca}) {
    auto state = origin == Origin::kFaisca ? function_of(object) : openfaas_function_of(object);
    if (!state) continue;
    if (state->name().empty() || state->name_space().empty()) std::abort();
    const FunctionId id{state->name(), state->name_space()};
    world.put_function(std::move(*state), origin);
    world.update(snapshot);
    if (!snapshot.find(id)) std::abort();
  }
  return 0;
}
