// What a Function's status says, from what was observed and done. Pure.
//
// Ready        True: requests are answered by the current spec (at zero replicas: they start an instance).
//              False: something is wrong, or it is suspended. Unknown: a change is being carried out.
// Progressing  True while instances differ from what is wanted.
// Degraded     True while something is wrong, also when requests are still answered.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "operator/function/decide.h"

namespace faisca::operators {

struct StatusInput {
  const Observed& observed;
  const Decision& decision;
  const kube::Json& deployment;    // as it is after applying; null: none
  std::optional<Problem> refused;  // what the API server said to a child
  std::string now;                 // RFC 3339
};

api::FunctionStatus decide_status(const StatusInput& input, const FunctionSettings& settings);

// Whether only counters differ: worth a write only now and then.
bool only_counters_differ(const api::FunctionStatus& before, const api::FunctionStatus& after);

// What an event should tell about the change from one status to the next, if anything.
struct Tale {
  bool warning = false;
  std::string reason;
  std::string message;

  bool operator==(const Tale&) const = default;
};
std::optional<Tale> tell(const api::FunctionStatus& before, const api::FunctionStatus& after);

std::string url_of(const api::Function& function, const FunctionSettings& settings);

}  // namespace faisca::operators
