#include "cli/deploy_function.h"

#include <thread>

#include "api/types/function/yaml.h"
#include "cli/progress.h"
#include "lib/base/duration.h"

namespace faisca::cli {
namespace {

constexpr std::chrono::milliseconds kPoll{20};

}  // namespace

Result<GatewayClient::Applied> send_function(const Context& context, const api::Function& function) {
  const Progress progress(context, "deploying " + function.metadata.name);
  return GatewayClient(context.gateway).apply(api::print_function(function));
}

Status wait_until_ready(const Context& context, const std::string& name, std::chrono::milliseconds timeout) {
  const GatewayClient gateway(context.gateway);
  const Progress progress(context, "waiting for " + name);
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  for (;;) {
    FAISCA_TRY(view, gateway.get(name));
    if (view.available > 0 || view.replicas == 0) return {};
    if (std::chrono::steady_clock::now() >= deadline)
      return fail(Code::kDeadlineExceeded,
                  name + " is deployed, but no instance is ready after " + format_duration(timeout),
                  "its log may tell: faisca logs " + name);
    std::this_thread::sleep_for(kPoll);
  }
}

}  // namespace faisca::cli
