// A response head from arbitrary bytes.
#include <cstdint>
#include <cstdlib>

#include "lib/http/body.h"
#include "lib/http/head.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace faisca::http;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  HeadScanner scanner;
  if (scanner.scan(bytes) != HeadScanner::State::kDone) return 0;
  ResponseHead head;
  if (parse_response_head(bytes.substr(0, scanner.head_size()), head)) return 0;
  if (head.status < 100 || head.status > 599) std::abort();
  if (head.reason.find_first_of("\r\n") != std::string_view::npos) std::abort();
  for (const Header& header : head.headers) (void)head.is_hop_by_hop(header);
  if (response_framing(head, Answers::kHead).has_body()) std::abort();
  (void)response_framing(head, Answers::kOtherMethod);
  return 0;
}
