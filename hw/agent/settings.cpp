#include "hw/agent/settings.h"

#include "lib/base/log.h"

#include <limits>

namespace faisca::agent {

void declare(Config& config, Settings& settings) {
  config.add("listen", &settings.listen,
             {.sentence = "Where to serve: unix:PATH of a socket", .unit = "address"});
  config.add("queue", &settings.queue,
             {.sentence = "Requests that may wait for the device; more are refused",
              .unit = "requests",
              .min = 1,
              .max = 1'000'000});
  config.add("programs", &settings.programs,
             {.sentence = "Programs kept in memory; the one not used for longest is forgotten, with its maps",
              .unit = "programs",
              .min = 1,
              .max = 1'000'000});
  config.add("budget", &settings.budget,
             {.sentence = "Instructions that a run may retire if its request does not say",
              .unit = "instructions",
              .min = 1,
              .max = std::numeric_limits<uint32_t>::max()});
  config.add(
      "max_message", &settings.max_message,
      {.sentence = "Largest request, object and memory together", .unit = "", .min = 65'536, .max = 1 << 30});
  config.add("drain", &settings.drain,
             {.sentence = "How long a stop waits for requests in flight", .unit = "", .min = 0});
  config.add("log_level", &settings.log_level,
             {.sentence = "Least severe log lines to write", .unit = "", .choices = log_level_names()});
}

}  // namespace faisca::agent
