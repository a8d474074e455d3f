// The API server as this process sees it. RestClient (rest_client.h) is the real one; testing/fake_client.h
// keeps objects in memory for tests of what stands on top.
//
// Thread: any thread may call; calls block the caller until their deadline at the latest, so never call them
// on a reactor's thread.
#pragma once

#include <functional>
#include <stop_token>
#include <string_view>

#include "lib/base/result.h"
#include "lib/kube/json.h"
#include "lib/kube/request.h"

namespace faisca::kube {

class Client {
 public:
  virtual ~Client() = default;

  // The answer's object; `metadata.managedFields` is left out. Errors: api_error.h; kUnavailable and
  // kDeadlineExceeded also when no answer came: a write may have happened then.
  virtual Result<Json> send(const Request& request) = 0;

  // Calls `line` with each line of a long answer (a watch, a log that is followed) as it arrives, without its
  // end, until it returns false (ok), the answer ends (ok), `stop` is requested (kCancelled) or nothing has
  // come for `request.timeout` (kDeadlineExceeded).
  using LineSink = std::function<bool(std::string_view line)>;
  virtual Status stream(const Request& request, const LineSink& line, std::stop_token stop) = 0;
};

}  // namespace faisca::kube
