// faisca-watchdog: an HTTP server in front of a handler, in every instance of a function.
#include <unistd.h>

#include <cstdlib>

#include "lib/base/log.h"
#include "watchdog/app.h"
#include "watchdog/lock_file.h"
#include "watchdog/modes/fork.h"
#include "watchdog/start.h"

using namespace faisca;
using namespace faisca::watchdog;

int main(int argc, char** argv) {
  Settings settings;
  return start(
      Kind::kFork, argc, argv, environ, settings, [&](const CommandLine& line) -> Result<ModeFactory> {
        const char* path = std::getenv("PATH");
        FAISCA_TRY(arguments, handler_arguments(settings, line.after_dashes, path ? path : "/usr/bin:/bin"));
        auto fork = std::make_shared<ForkSettings>();
        fork->arguments = std::move(arguments);
        fork->environment = base_environment(environ);
        fork->exec_timeout = settings.exec_timeout;
        fork->buffer_output = settings.buffer_output.count;
        fork->max_log_line = settings.log_buffer_size.count;
        fork->stderr_to = settings.combine_output ? Stderr::kJoinStdout : Stderr::kSeparate;
        fork->cgi_headers = settings.cgi_headers;
        fork->prefix_logs = settings.prefix_logs;
        fork->content_type = settings.content_type;
        return [fork](const ModeContext& context) -> std::unique_ptr<Mode> {
          return std::make_unique<ForkMode>(context.reactor, *fork, context.known, context.log);
        };
      });
}
