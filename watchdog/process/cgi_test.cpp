#include "watchdog/process/cgi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faisca::watchdog {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> variables(const std::string& request, const std::vector<std::string>& base = {}) {
  http::RequestHead head;
  EXPECT_FALSE(http::parse_request_head(request, head));
  HandlerEnvironment environment(base);
  environment.set_request(head, http::request_framing(head));
  std::vector<std::string> out;
  for (char* const* entry = environment.pointers(); *entry; ++entry) out.emplace_back(*entry);
  return out;
}

TEST(Cgi, DescribesTheRequestBehindTheBase) {
  EXPECT_THAT(
      variables("POST /p?q=1 HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\ncontent-TYPE: t\r\n\r\n", {"A=1"}),
      ElementsAre("A=1", "Http_Method=POST", "Http_ContentLength=7", "Http_Content_Length=7",
                  "Http_Query=q=1", "Http_Path=/p", "Http_Host=h", "Http_Content_Type=t"));
}

TEST(Cgi, GivesMinusOneForAChunkedBody) {
  EXPECT_THAT(variables("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"),
              ElementsAre("Http_Method=POST", "Http_ContentLength=-1", "Http_Content_Length=-1",
                          "Http_Transfer_Encoding=chunked", "Http_Path=/", "Http_Host=h"));
}

TEST(Cgi, TakesTheFirstOfRepeatedHeaders) {
  EXPECT_THAT(variables("GET / HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: 2\r\nX-A-B: 3\r\n\r\n"),
              ElementsAre("Http_Method=GET", "Http_ContentLength=0", "Http_Content_Length=0", "Http_Path=/",
                          "Http_Host=h", "Http_X_A=1", "Http_X_A_B=3"));
}

TEST(Cgi, LetsNoHeaderShadowItsOwnVariablesOrSetAProxy) {
  EXPECT_THAT(variables("GET / HTTP/1.1\r\nHost: h\r\nMethod: X\r\nPath: /y\r\nProxy: "
                        "p\r\nQuery: q\r\n\r\n"),
              ElementsAre("Http_Method=GET", "Http_ContentLength=0", "Http_Content_Length=0", "Http_Path=/",
                          "Http_Host=h"));
}

TEST(Cgi, ForgetsTheRequestBefore) {
  const std::vector<std::string> base = {"A=1"};
  HandlerEnvironment environment(base);
  http::RequestHead head;
  ASSERT_FALSE(http::parse_request_head("GET / HTTP/1.1\r\nHost: h\r\nX: 1\r\n\r\n", head));
  environment.set_request(head, {});
  environment.clear_request();
  EXPECT_STREQ(environment.pointers()[0], "A=1");
  EXPECT_EQ(environment.pointers()[1], nullptr);
}

TEST(Cgi, KeepsTheMarksOfThePlatformAndDropsItsOwnSettings) {
  const char* const environment[] = {"A=1", "FAISCA_LISTEN_FD=3", "FAISCA_HOME=/h", "FAISCA_INSTANCE=i",
                                     nullptr};
  EXPECT_THAT(base_environment(environment), ElementsAre("A=1", "FAISCA_HOME=/h", "FAISCA_INSTANCE=i"));
}

TEST(DecodePath, DecodesEscapesButNoNul) {
  EXPECT_EQ(decode_path("/a%20b%2fc"), "/a b/c");
  EXPECT_EQ(decode_path("/a%00b"), "/a%00b");
  EXPECT_EQ(decode_path("/%zz%4"), "/%zz%4");
  EXPECT_EQ(decode_path("%41"), "A");
}

}  // namespace
}  // namespace faisca::watchdog
