// faisca-watchdog-offload: an HTTP server in front of an eBPF program on the node's device.
#include <unistd.h>

#include "watchdog/app.h"
#include "watchdog/modes/offload.h"
#include "watchdog/offload/answer.h"
#include "watchdog/start.h"

using namespace faisca;
using namespace faisca::watchdog;

int main(int argc, char** argv) {
  Settings settings;
  return start(
      Kind::kOffload, argc, argv, environ, settings, [&](const CommandLine& line) -> Result<ModeFactory> {
        if (!line.after_dashes.empty())
          return fail(Code::kInvalidArgument,
                      "\"" + line.after_dashes[0] + "\" after --: an offloaded function has no command");
        auto offload = std::make_shared<OffloadSettings>();
        FAISCA_TRY(convention, parse_convention(settings.convention));
        FAISCA_TRY(output, parse_output(settings.output));
        offload->budget = static_cast<uint64_t>(settings.budget);
        FAISCA_TRY(object,
                   load_checked_object(settings.object, settings.program, convention, offload->budget));
        offload->agent = settings.agent;
        offload->program = {std::move(object), settings.program, settings.function, convention};
        offload->output = output;
        offload->exec_timeout = settings.exec_timeout;
        return [offload](const ModeContext& context) -> std::unique_ptr<Mode> {
          return std::make_unique<OffloadMode>(context.reactor, *offload, context.log);
        };
      });
}
