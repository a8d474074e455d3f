// A request head from arbitrary bytes: the scanner finds the same end however the bytes are cut, and what is
// taken keeps the promises that the proxy builds on.
#include <cstdint>
#include <cstdlib>

#include "lib/http/body.h"
#include "lib/http/head.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace faisca::http;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  HeadScanner whole, stepwise;
  const auto state = whole.scan(bytes);
  auto stepped = HeadScanner::State::kMore;
  for (size_t end = 1; end <= size && stepped == HeadScanner::State::kMore; ++end) {
    stepped = stepwise.scan(bytes.substr(0, end));
  }
  if (size > 0 && stepped != state) std::abort();
  if (state != HeadScanner::State::kDone) return 0;
  if (stepwise.head_size() != whole.head_size()) std::abort();

  RequestHead head;
  if (parse_request_head(bytes.substr(0, whole.head_size()), head)) return 0;
  for (const Header& header : head.headers) {
    if (header.name.empty() || header.name.find_first_of(" \t:\r\n") != std::string_view::npos) std::abort();
    if (header.value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) std::abort();
  }
  if (head.target.find_first_of(" \t\r\n") != std::string_view::npos) std::abort();
  (void)head.keep_alive();
  const Framing framing = request_framing(head);
  const bool both =
      head.find(Field::kContentLength) != nullptr && head.find(Field::kTransferEncoding) != nullptr;
  if (both && !framing.problem) std::abort();
  if (!framing.problem && framing.kind == BodyKind::kUntilClose) std::abort();
  return 0;
}
