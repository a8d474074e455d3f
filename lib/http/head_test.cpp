#include "lib/http/head.h"

#include <gtest/gtest.h>

#include <string>

namespace faisca::http {
namespace {

struct Parsed {
  int status = 0;  // 0 = taken; -1 = the scanner wants more
  std::string reason;
};

Parsed parse_request(const std::string& bytes, RequestHead& head, HeadLimits limits = {}) {
  HeadScanner scanner(limits);
  switch (scanner.scan(bytes)) {
    case HeadScanner::State::kMore:
      return {-1, ""};
    case HeadScanner::State::kBad:
      return {scanner.problem().status, std::string(scanner.problem().reason)};
    case HeadScanner::State::kDone:
      break;
  }
  const Problem problem =
      parse_request_head(std::string_view(bytes).substr(0, scanner.head_size()), head, limits);
  return {problem.status, std::string(problem.reason)};
}

Parsed parse_response(const std::string& bytes, ResponseHead& head) {
  HeadScanner scanner;
  if (scanner.scan(bytes) != HeadScanner::State::kDone) return {scanner.problem().status, "scan"};
  const Problem problem = parse_response_head(std::string_view(bytes).substr(0, scanner.head_size()), head);
  return {problem.status, std::string(problem.reason)};
}

TEST(RequestHead, GivesMethodTargetAndHeadersWithoutTheirWhiteSpace) {
  const std::string bytes =
      "POST /function/hello/a?x=1&y=?2 HTTP/1.1\r\nHost: h:80\r\nX-A:\t b c \t\r\nEmpty:\r\n\r\nbody";
  RequestHead head;
  ASSERT_EQ(parse_request(bytes, head).status, 0);
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.path, "/function/hello/a");
  EXPECT_EQ(head.query, "x=1&y=?2");
  EXPECT_EQ(head.host, "h:80");
  EXPECT_EQ(head.minor_version, 1);
  EXPECT_EQ(head.value("x-a"), "b c");
  EXPECT_EQ(head.value("empty"), "");
  ASSERT_EQ(head.headers.size(), 3u);
  EXPECT_EQ(head.headers[0].field, Field::kHost);
}

TEST(RequestHead, IsFoundHoweverTheBytesAreCut) {
  const std::string bytes = "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nGET";
  const size_t size = bytes.size() - 3;
  HeadScanner scanner;
  for (size_t i = 1; i < size; ++i)
    ASSERT_EQ(scanner.scan(bytes.substr(0, i)), HeadScanner::State::kMore) << i;
  ASSERT_EQ(scanner.scan(bytes), HeadScanner::State::kDone);
  EXPECT_EQ(scanner.head_size(), size);
}

TEST(RequestHead, TakesTheFormsOfTargets) {
  struct Case {
    std::string line, path, query, host;
  };
  const Case cases[] = {
      {"GET / HTTP/1.1", "/", "", "h"},
      {"GET http://other:81/a/b?q HTTP/1.1", "/a/b", "q", "other:81"},
      {"GET HTTPS://other HTTP/1.1", "/", "", "other"},
      {"GET http://other?q HTTP/1.1", "/", "q", "other"},
      {"OPTIONS * HTTP/1.1", "*", "", "h"},
      {"CONNECT other:443 HTTP/1.1", "", "", "other:443"},
      {"GET /%00/../a//b HTTP/1.0", "/%00/../a//b", "", "h"},
      {"GET /a HTTP/1.9", "/a", "", "h"},
  };
  for (const Case& c : cases) {
    RequestHead head;
    const std::string bytes = c.line + "\r\nHost: h\r\n\r\n";
    ASSERT_EQ(parse_request(bytes, head).status, 0) << c.line;
    EXPECT_EQ(head.path, c.path) << c.line;
    EXPECT_EQ(head.query, c.query) << c.line;
    EXPECT_EQ(head.host, c.host) << c.line;
  }
}

TEST(RequestHead, RefusesWhatTwoParsersCouldReadDifferently) {
  const std::string host = "Host: h\r\n";
  struct Case {
    std::string bytes;
    int status;
    std::string reason;  // part of it
  };
  const Case cases[] = {
      {"GET / HTTP/1.1\nHost: h\n\n", 400, "LF without CR"},
      {"GET / HTTP/1.1\r\nHost: h\n\r\n", 400, "LF without CR"},
      {"GET / HTTP/1.1\r\nHost: h\r\n\n", 400, "LF without CR"},
      {"\nGET / HTTP/1.1\r\n" + host + "\r\n", 400, "not HTTP"},
      {"\r\n\r\nGET / HTTP/1.1\r\n" + host + "\r\n", 400, "empty lines"},
      {"GET / HTTP/1.1\r\nHost : h\r\n\r\n", 400, "space before the colon"},
      {"GET / HTTP/1.1\r\nHost\t: h\r\n\r\n", 400, "space before the colon"},
      {"GET / HTTP/1.1\r\n" + host + "A: b\r\n c\r\n\r\n", 400, "folded"},
      {"GET / HTTP/1.1\r\n" + host + "A: b\r\n\tc\r\n\r\n", 400, "folded"},
      {"GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400, "folded"},
      {"GET / HTTP/1.1\r\n" + host + "A\r\n\r\n", 400, "no colon"},
      {"GET / HTTP/1.1\r\n" + host + ": b\r\n\r\n", 400, "no name"},
      {"GET / HTTP/1.1\r\n" + host + "A(b): c\r\n\r\n", 400, "name"},
      {"GET / HTTP/1.1\r\n" + host + "A\x80: c\r\n\r\n", 400, "name"},
      {"GET / HTTP/1.1\r\n" + host + "A: b\rc\r\n\r\n", 400, "control"},
      {"GET / HTTP/1.1\r\n" + host + "A: b\r\r\n\r\n", 400, "control"},
      {"GET / HTTP/1.1\r\n" + host + std::string("A: b\0c\r\n\r\n", 10), 400, "control"},
      {"GET / HTTP/1.1\r\n" + host + "A: b\x01\r\n\r\n", 400, "control"},
      {"GET / HTTP/1.1\r\n" + host + "A: b\x7f\r\n\r\n", 400, "control"},
      {"GET / HTTP/1.1\r\n" + host + "\r\r\n\r\n", 400, ""},
      {"GET / HTTP/1.1\r\n\r\n", 400, "no Host"},
      {"GET / HTTP/1.1\r\n" + host + host + "\r\n", 400, "more than one Host"},
      {"GET / HTTP/1.0\r\n" + host + host + "\r\n", 400, "more than one Host"},
      {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "Host header is invalid"},
      {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "Host header is invalid"},
      {"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400, "Host header is invalid"},
      {"GET  / HTTP/1.1\r\n" + host + "\r\n", 400, "target"},
      {"GET /  HTTP/1.1\r\n" + host + "\r\n", 400, "target"},
      {"GET / HTTP/1.1 \r\n" + host + "\r\n", 400, "target"},
      {"GET /a b HTTP/1.1\r\n" + host + "\r\n", 400, "target"},
      {"GET\t/ HTTP/1.1\r\n" + host + "\r\n", 400, "request line"},
      {"GET /\r\n\r\n", 400, "request line"},
      {"GET\r\n\r\n", 400, "request line"},
      {" GET / HTTP/1.1\r\n" + host + "\r\n", 400, "not HTTP"},
      {"G(T / HTTP/1.1\r\n" + host + "\r\n", 400, "method"},
      {"GET /a#b HTTP/1.1\r\n" + host + "\r\n", 400, "target"},
      {"GET /\xc3\xa9 HTTP/1.1\r\n" + host + "\r\n", 400, "target"},
      {"GET a HTTP/1.1\r\n" + host + "\r\n", 400, "neither a path nor"},
      {"GET ftp://a/b HTTP/1.1\r\n" + host + "\r\n", 400, "neither a path nor"},
      {"GET http:///b HTTP/1.1\r\n" + host + "\r\n", 400, "host of the request target"},
      {"GET http://u@h/b HTTP/1.1\r\n" + host + "\r\n", 400, "host of the request target"},
      {"GET * HTTP/1.1\r\n" + host + "\r\n", 400, "OPTIONS only"},
      {"CONNECT /a HTTP/1.1\r\n" + host + "\r\n", 400, "CONNECT"},
      {"GET / http/1.1\r\n" + host + "\r\n", 400, "HTTP version"},
      {"GET / HTTP/1.10\r\n" + host + "\r\n", 400, "HTTP version"},
      {"GET / HTTP/11\r\n" + host + "\r\n", 400, "HTTP version"},
      {"GET / HTTP/x.1\r\n" + host + "\r\n", 400, "HTTP version"},
      {"GET / HTTP/2.0\r\n" + host + "\r\n", 505, "HTTP/1.1"},
      {"GET / HTTP/0.9\r\n" + host + "\r\n", 505, "HTTP/1.1"},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "HTTP/1.1"},
      {"\x16\x03\x01\x02", 400, "TLS"},
  };
  for (const Case& c : cases) {
    RequestHead head;
    const Parsed parsed = parse_request(c.bytes, head);
    EXPECT_EQ(parsed.status, c.status) << c.bytes << parsed.reason;
    EXPECT_NE(parsed.reason.find(c.reason), std::string::npos) << c.bytes << "\nsays: " << parsed.reason;
  }
}

TEST(RequestHead, KeepsItsLimits) {
  RequestHead head;
  const HeadLimits limits{.bytes = 200, .target_bytes = 50, .headers = 3};
  EXPECT_EQ(parse_request("GET /" + std::string(300, 'a'), head, limits).status, 414);
  EXPECT_EQ(
      parse_request("GET /" + std::string(50, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", head, limits).status,
      414);
  EXPECT_EQ(parse_request("GET / HTTP/1.1\r\nA: " + std::string(300, 'a'), head, limits).status, 431);
  EXPECT_EQ(parse_request("GET / HTTP/1.1\r\nA: " + std::string(300, 'a') + "\r\n\r\n", head, limits).status,
            431);
  EXPECT_EQ(parse_request("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\nA: c\r\nA: d\r\n\r\n", head, limits).status,
            431);
  EXPECT_EQ(parse_request("GET / HTTP/1.1\r\nHost: h\r\nA: b\r\nA: c\r\n\r\n", head, limits).status, 0);
}

TEST(RequestHead, NeedsNoHostInHttp10) {
  RequestHead head;
  EXPECT_EQ(parse_request("GET / HTTP/1.0\r\n\r\n", head).status, 0);
  EXPECT_FALSE(head.keep_alive());
}

TEST(Head, KnowsWhetherTheConnectionStaysOpen) {
  struct Case {
    std::string version, connection;
    bool keep_alive;
  };
  const Case cases[] = {
      {"1.1", "", true},
      {"1.1", "Connection: close\r\n", false},
      {"1.1", "Connection: foo , CLOSE\r\n", false},
      {"1.1", "Connection: keep-alive\r\n", true},
      {"1.1", "Connection: keep-alive\r\nConnection: close\r\n", false},
      {"1.0", "", false},
      {"1.0", "Connection: Keep-Alive\r\n", true},
      {"1.0", "Connection: keep-alive, close\r\n", false},
  };
  for (const Case& c : cases) {
    RequestHead head;
    const std::string bytes = "GET / HTTP/" + c.version + "\r\nHost: h\r\n" + c.connection + "\r\n";
    ASSERT_EQ(parse_request(bytes, head).status, 0);
    EXPECT_EQ(head.keep_alive(), c.keep_alive) << bytes;
  }
}

TEST(Head, KnowsHopByHopHeaders) {
  RequestHead head;
  const std::string bytes =
      "GET / HTTP/1.1\r\nHost: h\r\nConnection: x-mine, close\r\nX-Mine: 1\r\nX-Other: 1\r\nTE: a\r\n"
      "Keep-Alive: 1\r\nUpgrade: w\r\nProxy-Connection: b\r\nTrailer: t\r\n\r\n";
  ASSERT_EQ(parse_request(bytes, head).status, 0);
  for (const Header& header : head.headers) {
    const bool stays = header.name == "Host" || header.name == "X-Other";
    EXPECT_EQ(head.is_hop_by_hop(header), !stays) << header.name;
  }
}

TEST(ResponseHead, GivesStatusReasonAndHeaders) {
  const std::string bytes = "HTTP/1.1 404 Not Found\r\nA: b\r\n\r\n";
  ResponseHead head;
  ASSERT_EQ(parse_response(bytes, head).status, 0);
  EXPECT_EQ(head.status, 404);
  EXPECT_EQ(head.reason, "Not Found");
  EXPECT_EQ(head.value("a"), "b");
}

TEST(ResponseHead, MayHaveNoReason) {
  ResponseHead head;
  EXPECT_EQ(parse_response("HTTP/1.0 200 \r\n\r\n", head).status, 0);
  EXPECT_EQ(parse_response("HTTP/1.0 200\r\n\r\n", head).status, 0);
  EXPECT_EQ(head.minor_version, 0);
}

TEST(ResponseHead, RefusesWhatIsGarbled) {
  const std::string cases[] = {
      "HTTP/1.1 20 OK\r\n\r\n",           "HTTP/1.1 2000 OK\r\n\r\n",
      "HTTP/1.1  200 OK\r\n\r\n",         "HTTP/1.1 0x1 OK\r\n\r\n",
      "HTTP/1.1 099 OK\r\n\r\n",          "HTTP/1.1 600 OK\r\n\r\n",
      "HTTP/2.0 200 OK\r\n\r\n",          "200 OK\r\n\r\n",
      "\r\nHTTP/1.1 200 OK\r\n\r\n",      "HTTP/1.1 200 O\x01K\r\n\r\n",
      "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n",
      "HTTP/1.1 200 OK\r\nA: b\n\r\n",
  };
  for (const std::string& bytes : cases) {
    ResponseHead head;
    EXPECT_NE(parse_response(bytes, head).status, 0) << bytes;
  }
}

}  // namespace
}  // namespace faisca::http
