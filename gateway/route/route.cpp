#include "gateway/route/route.h"

namespace faisca::gateway {
namespace {

constexpr std::string_view kPrefix = "/function/";

// [-a-zA-Z_0-9.]+, the name token of OpenFaaS's API.
bool is_name(std::string_view text) {
  for (char c : text) {
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                         c == '-' || c == '_' || c == '.';
    if (!allowed) return false;
  }
  return !text.empty();
}

}  // namespace

Route parse_route(std::string_view path) {
  if (!path.starts_with(kPrefix)) return {};
  path.remove_prefix(kPrefix.size());
  const size_t slash = path.find('/');
  Route route;
  route.kind = Route::Kind::kFunction;
  route.function = path.substr(0, slash);
  route.rest = slash == std::string_view::npos ? std::string_view("/") : path.substr(slash);
  if (!is_name(route.function)) route.kind = Route::Kind::kBadFunction;
  return route;
}

}  // namespace faisca::gateway
