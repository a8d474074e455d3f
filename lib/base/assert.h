// FAISCA_ASSERT(condition, "what", value…): for our own bugs only. Prints file, line and message, then
// aborts; restart is cheap and tested. Anything that input, network or device can cause is a Result instead.
#pragma once

#include <cstdio>
#include <cstdlib>

#define FAISCA_ASSERT(condition, message)                                                                \
  do {                                                                                                   \
    if (!(condition)) {                                                                                  \
      std::fprintf(stderr, "%s:%d: assertion %s failed: %s\n", __FILE__, __LINE__, #condition, message); \
      std::abort();                                                                                      \
    }                                                                                                    \
  } while (false)
