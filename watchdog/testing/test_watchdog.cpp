#include "watchdog/testing/test_watchdog.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <atomic>
#include <cctype>
#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "lib/http/body.h"
#include "lib/http/head.h"

namespace faisca::watchdog {
namespace {

UniqueFd listen_on_loopback(uint16_t& port) {
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::listen(socket.get(), 64), 0);
  socklen_t size = sizeof address;
  ::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size);
  port = ntohs(address.sin_port);
  return socket;
}

std::filesystem::path fresh_folder() {
  static std::atomic<int> number = 0;
  const auto path = std::filesystem::path(::testing::TempDir()) /
                    ("watchdog_test_" + std::to_string(::getpid()) + "_" + std::to_string(number++));
  std::filesystem::create_directories(path);
  return path;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < end) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return false;
}

TestClient::TestClient(uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  timeval limit{30, 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
}

void TestClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return;  // the server has closed; the answer says why
    bytes.remove_prefix(static_cast<size_t>(count));
  }
}

void TestClient::stop() { ::shutdown(socket_.get(), SHUT_RDWR); }

bool TestClient::receive() {
  char buffer[65536];
  const ssize_t count = ::recv(socket_.get(), buffer, sizeof buffer, 0);
  if (count <= 0) return false;
  input_.append(buffer, static_cast<size_t>(count));
  return true;
}

Answer TestClient::read_answer() {
  Answer answer;
  http::HeadScanner scanner;
  while (scanner.scan(input_) != http::HeadScanner::State::kDone)
    if (!receive()) return answer;
  http::ResponseHead head;
  EXPECT_FALSE(http::parse_response_head(std::string_view(input_).substr(0, scanner.head_size()), head));
  answer.status = head.status;
  for (const http::Header& header : head.headers) answer.headers[lower(header.name)] = header.value;
  const http::Framing framing = http::response_framing(head, http::Answers::kOtherMethod);
  input_.erase(0, scanner.head_size());
  for (http::BodyDecoder decoder(framing); !decoder.done();) {
    const http::Piece piece = decoder.next(input_);
    answer.body += piece.data;
    input_.erase(0, piece.consumed);
    if (piece.state == http::Piece::kBad) return answer;
    if (piece.state == http::Piece::kMore && !receive()) {
      answer.complete = framing.kind == http::BodyKind::kUntilClose;
      return answer;
    }
  }
  answer.complete = true;
  return answer;
}

bool TestClient::at_end() {
  while (receive()) {
  }
  return true;
}

TestWatchdog::TestWatchdog(Options options) : folder_(fresh_folder()) {
  const UniqueFd listener = listen_on_loopback(port_), metrics = listen_on_loopback(metrics_port_);
  const UniqueFd errors(::open((folder_ / "log").c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600));
  process::Command command;
  command.path = options.binary;
  command.arguments = {options.binary};
  if (!options.handler.empty()) command.arguments.push_back("--");
  command.arguments.insert(command.arguments.end(), options.handler.begin(), options.handler.end());
  std::map<std::string, std::string> environment = {
      {"PATH", "/usr/bin:/bin"},         {"FAISCA_LISTEN_FD", "3"},      {"FAISCA_METRICS_FD", "4"},
      {"FAISCA_LOCK_FILE", lock_file()}, {"healthcheck_interval", "0s"}, {"write_timeout", "10s"}};
  for (const auto& [name, value] : options.environment) environment[name] = value;
  for (const char* name : {"ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"})
    if (const char* value = std::getenv(name)) environment[name] = value;
  for (const auto& [name, value] : environment) command.environment.push_back(name + "=" + value);
  command.folder = folder_;
  command.fds = {{errors.get(), 2}, {listener.get(), 3}, {metrics.get(), 4}};
  auto child = process::spawn(command);
  EXPECT_TRUE(child) << child.error().text();
  if (child) child_ = std::move(*child);
}

TestWatchdog::~TestWatchdog() {
  if (!ended_ && child_.pidfd) {
    process::signal_child(child_.pidfd.get(), SIGKILL);
    (void)process::wait(child_.pidfd.get());
  }
  EXPECT_EQ(log().find("Sanitizer"), std::string::npos) << "a sanitizer has found something in the watchdog";
  if (::testing::Test::HasFailure()) std::fprintf(stderr, "log of the watchdog:\n%s\n", log().c_str());
  std::filesystem::remove_all(folder_);
}

Answer TestWatchdog::request(std::string_view method, std::string_view path, std::string_view body,
                             const std::vector<std::string>& headers) {
  TestClient client(port_);
  std::string text = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n";
  for (const std::string& header : headers) text += header + "\r\n";
  if (!body.empty()) text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  text += "\r\n" + std::string(body);
  // Reads meanwhile: with an echoing handler both sides would wait for the other once the buffers are full.
  std::thread sender([&] { client.send(text); });
  Answer answer = client.read_answer();
  client.stop();
  sender.join();
  return answer;
}

std::string TestWatchdog::log() const {
  std::stringstream text;
  text << std::ifstream(folder_ / "log").rdbuf();
  return text.str();
}

bool TestWatchdog::wait_for_log(std::string_view text) const {
  return eventually([&] { return log().find(text) != std::string::npos; });
}

void TestWatchdog::signal(int number) { process::signal_child(child_.pidfd.get(), number); }

process::Exit TestWatchdog::wait() {
  ended_ = true;
  const auto exit = process::wait(child_.pidfd.get());
  return exit ? *exit : process::Exit{};
}

}  // namespace faisca::watchdog
