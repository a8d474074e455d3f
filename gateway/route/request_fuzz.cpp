// A path and a query from arbitrary bytes, cut at the first "?": the route's parts lie in the path, and a
// query's parameters are found without reading outside it.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "gateway/route/route.h"
#include "gateway/system/api.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace faisca::gateway;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  const size_t question = bytes.find('?');
  const std::string path = bytes.substr(0, question);
  const Route route = parse_route(path);
  if (route.kind == Route::Kind::kFunction) {
    if (route.function.empty() || route.function.find('/') != std::string_view::npos) std::abort();
    if (!route.rest.starts_with('/')) std::abort();
  }
  ApiRequest request;
  if (question != std::string::npos) request.query = bytes.substr(question + 1);
  for (const char* name : {"name", "since", "tail", ""}) {
    if (request.parameter(name).size() > request.query.size()) std::abort();
  }
  return 0;
}
