// Heads of requests become environments: whatever the parser lets through must give well-formed variables.
#include <cstdlib>
#include <cstring>

#include "watchdog/process/cgi.h"

using namespace faisca;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  http::HeadScanner scanner;
  if (scanner.scan(bytes) != http::HeadScanner::State::kDone) return 0;
  http::RequestHead head;
  if (http::parse_request_head(bytes.substr(0, scanner.head_size()), head)) return 0;
  static const std::vector<std::string> base = {"PATH=/bin"};
  watchdog::HandlerEnvironment environment(base);
  environment.set_request(head, http::request_framing(head));
  size_t count = 0;
  for (char* const* entry = environment.pointers(); *entry; ++entry, ++count)
    if (count > 0 && (std::strncmp(*entry, "Http_", 5) != 0 || !std::strchr(*entry, '='))) std::abort();
  return 0;
}
