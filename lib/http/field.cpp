#include "lib/http/field.h"

#include <cstddef>

namespace faisca::http {
namespace {

struct Known {
  std::string_view name;
  Field field;
};

constexpr Known kKnown[] = {
    {"accept", Field::kAccept},
    {"connection", Field::kConnection},
    {"content-length", Field::kContentLength},
    {"content-type", Field::kContentType},
    {"date", Field::kDate},
    {"expect", Field::kExpect},
    {"host", Field::kHost},
    {"keep-alive", Field::kKeepAlive},
    {"proxy-connection", Field::kProxyConnection},
    {"server", Field::kServer},
    {"te", Field::kTe},
    {"trailer", Field::kTrailer},
    {"transfer-encoding", Field::kTransferEncoding},
    {"upgrade", Field::kUpgrade},
    {"x-call-id", Field::kXCallId},
    {"x-forwarded-for", Field::kXForwardedFor},
    {"x-forwarded-host", Field::kXForwardedHost},
    {"x-served-by", Field::kXServedBy},
    {"x-start-time", Field::kXStartTime},
};

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

Field classify(std::string_view name) {
  if (name.empty()) return Field::kOther;
  const char first = lower(name[0]);
  for (const Known& known : kKnown) {
    if (known.name.size() == name.size() && known.name[0] == first && equal_ignoring_case(name, known.name)) {
      return known.field;
    }
  }
  return Field::kOther;
}

}  // namespace faisca::http
