#include "lib/http/write.h"

#include <gtest/gtest.h>

namespace faisca::http {
namespace {

TEST(Write, MakesAHead) {
  std::string out;
  append_status_line(out, 404);
  append_header(out, "A", "b");
  append_header(out, "N", uint64_t{18446744073709551615u});
  append_date(out, 784111777);
  end_head(out);
  EXPECT_EQ(out,
            "HTTP/1.1 404 Not Found\r\nA: b\r\nN: 18446744073709551615\r\nDate: Sun, 06 Nov 1994 08:49:37 "
            "GMT\r\n\r\n");
}

TEST(Write, KnowsAPhraseForEveryStatusOfThePlatform) {
  for (int status :
       {200, 202, 400, 404, 405, 408, 409, 413, 414, 417, 429, 431, 499, 500, 501, 502, 503, 504, 505}) {
    EXPECT_NE(reason_phrase(status), "Unknown") << status;
  }
  EXPECT_EQ(reason_phrase(299), "Unknown");
}

}  // namespace
}  // namespace faisca::http
