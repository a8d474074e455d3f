// The gateway's REST API, a function per call. Statuses other than success become Errors that carry what the
// gateway said. Thread: any; every call blocks.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/http_client.h"
#include "lib/base/result.h"

namespace faisca::cli {

// What the gateway knows about a function (OpenFaaS: FunctionStatus).
struct FunctionView {
  std::string name;
  std::string image;
  int replicas = 0;
  int available = 0;
  double invocations = 0;
  std::string created_at;  // RFC 3339
  std::string json;        // the whole object
};

struct LogView {
  std::string time;  // RFC 3339
  std::string instance;
  std::string text;
  std::string json;  // the whole line
};

struct LogRequest {
  std::string function;
  std::string instance;
  std::string since;  // RFC 3339; empty: all
  int tail = -1;      // -1: all
};

class GatewayClient {
 public:
  explicit GatewayClient(std::string base) : base_(std::move(base)) {}

  Result<std::vector<FunctionView>> list() const;
  Result<FunctionView> get(const std::string& name) const;

  enum class Applied { kCreated, kUpdated };
  // Function YAML; creates it, or changes it when it is there.
  Result<Applied> apply(const std::string& yaml) const;
  Status remove(const std::string& name) const;
  Status scale(const std::string& name, int replicas) const;
  // Calls `sink` for each line that is there now, until it returns false.
  Status logs(const LogRequest& request, const std::function<bool(const LogView&)>& sink) const;
  // /system/info as JSON text.
  Result<std::string> info(std::chrono::milliseconds timeout) const;
  // kUnavailable until the gateway answers.
  Status health(std::chrono::milliseconds timeout) const;

  const std::string& base() const { return base_; }

 private:
  Result<HttpResponse> call(HttpRequest request) const;
  Result<HttpResponse> expect_success(HttpRequest request, const std::string& what) const;

  std::string base_;
};

// An answer that is no success, as an Error: its code from the status, its message and hint from the body.
Error gateway_error(const HttpResponse& response, const std::string& what);

}  // namespace faisca::cli
