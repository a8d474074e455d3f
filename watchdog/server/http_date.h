// The Date header (RFC 9110 §6.6.1): made once a second. Thread: one object per thread.
#pragma once

#include <ctime>
#include <string_view>

namespace faisca::watchdog {

class HttpDate {
 public:
  std::string_view text() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    if (now.tv_sec != second_) {
      second_ = now.tv_sec;
      tm parts{};
      ::gmtime_r(&second_, &parts);
      // The process never calls setlocale, so that names are English.
      size_ = std::strftime(text_, sizeof text_, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    }
    return {text_, size_};
  }

 private:
  time_t second_ = -1;
  char text_[40];
  size_t size_ = 0;
};

}  // namespace faisca::watchdog
