// Where a request's path leads: pure, over the path's bytes as sent (nothing is percent-decoded, so that what
// is matched is what is forwarded).
#pragma once

#include <string_view>

namespace faisca::gateway {

struct Route {
  enum class Kind {
    kFunction,     // /function/NAME[/rest]
    kPlatform,     // everything the gateway answers itself
    kBadFunction,  // /function/ with a name that no function can have
  };
  Kind kind = Kind::kPlatform;
  std::string_view function;  // NAME or NAME.NAMESPACE, as Table::find takes it
  std::string_view rest;      // what is forwarded: "/" or what follows the name
};

Route parse_route(std::string_view path);

}  // namespace faisca::gateway
