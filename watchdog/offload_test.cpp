// Offload mode end to end: a real watchdog in front of a gRPC server that follows a script in place of the
// agent.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <csignal>
#include <mutex>

#include "api/proto/offload.grpc.pb.h"
#include "watchdog/testing/test_watchdog.h"

namespace faisca::watchdog {
namespace {

namespace rpc = faisca::offload::v1alpha1;
using ::testing::AllOf;
using ::testing::HasSubstr;

// The agent's side of the protocol: knows programs by id once they were loaded, and does what `behave` says.
class ScriptedAgent final : public rpc::Offload::Service {
 public:
  using Behaviour =
      std::function<grpc::Status(grpc::ServerContext&, const rpc::InvokeRequest&, rpc::InvokeResponse&)>;

  explicit ScriptedAgent(std::string socket) : socket_(std::move(socket)) { start(); }
  ~ScriptedAgent() override { stop(); }

  void start() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("unix:" + socket_, grpc::InsecureServerCredentials());
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    ASSERT_TRUE(server_);
  }
  void stop() {
    if (server_) server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
  }
  void forget() {
    std::lock_guard lock(mutex_);
    loaded_ = false;
  }
  void behave(Behaviour behaviour) {
    std::lock_guard lock(mutex_);
    behaviour_ = std::move(behaviour);
  }
  std::vector<rpc::InvokeRequest> requests() {
    std::lock_guard lock(mutex_);
    return requests_;
  }

  grpc::Status Load(grpc::ServerContext*, const rpc::LoadRequest* request,
                    rpc::LoadResponse* response) override {
    std::lock_guard lock(mutex_);
    if (refuse_load_) return {grpc::StatusCode::INVALID_ARGUMENT, "does not verify here"};
    object_ = request->program().object();
    loaded_ = true;
    response->set_program_id("id-1");
    return grpc::Status::OK;
  }
  grpc::Status Invoke(grpc::ServerContext* context, const rpc::InvokeRequest* request,
                      rpc::InvokeResponse* response) override {
    Behaviour behaviour;
    {
      std::lock_guard lock(mutex_);
      requests_.push_back(*request);
      if (request->has_program()) loaded_ = true;
      if (!loaded_) return {grpc::StatusCode::NOT_FOUND, "no program id-1"};
      behaviour = behaviour_;
    }
    response->set_program_id("id-1");
    if (behaviour) return behaviour(*context, *request, *response);
    response->set_r0(4);
    response->set_instructions(2);
    response->set_cycles(9);
    return grpc::Status::OK;
  }
  void refuse_load() {
    std::lock_guard lock(mutex_);
    refuse_load_ = true;
  }

 private:
  const std::string socket_;
  std::unique_ptr<grpc::Server> server_;
  std::mutex mutex_;
  bool loaded_ = false, refuse_load_ = false;  // these and the following guarded by mutex_
  std::string object_;
  Behaviour behaviour_;
  std::vector<rpc::InvokeRequest> requests_;
};

std::string socket_path() {
  static int number = 0;
  return std::string(::testing::TempDir()) + "agent_" + std::to_string(::getpid()) + "_" +
         std::to_string(number++) + ".sock";
}

class Offload : public ::testing::Test {
 protected:
  ~Offload() override { std::filesystem::remove(socket_); }

  TestWatchdog::Options options(std::map<std::string, std::string> more = {}) {
    std::map<std::string, std::string> environment = {{"FAISCA_AGENT", "unix:" + socket_},
                                                      {"FAISCA_OBJECT", FAISCA_TEST_OBJECTS "/four.o"},
                                                      {"OPENFAAS_NAME", "four"}};
    environment.merge(more);
    for (const auto& [name, value] : more) environment[name] = value;
    return {.binary = FAISCA_WATCHDOG_OFFLOAD, .environment = std::move(environment)};
  }
  static bool ready(TestWatchdog& watchdog) {
    return eventually([&] { return watchdog.request("GET", "/_/ready").status == 200; });
  }

  const std::string socket_ = socket_path();
};

TEST_F(Offload, AnswersWithR0) {
  ScriptedAgent agent(socket_);
  TestWatchdog watchdog(options());
  ASSERT_TRUE(ready(watchdog));
  const Answer answer = watchdog.request("POST", "/", "body", {"X-Call-Id: c1"});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "4");
  EXPECT_EQ(answer.headers.at("content-type"), "text/plain");
  EXPECT_EQ(answer.headers.at("x-faisca-instructions"), "2");
  EXPECT_EQ(answer.headers.at("x-faisca-cycles"), "9");
  EXPECT_EQ(answer.headers.at("x-call-id"), "c1");
  ASSERT_EQ(agent.requests().size(), 1u);
  EXPECT_EQ(agent.requests()[0].program_id(), "id-1") << "the probe has loaded it";
  EXPECT_EQ(agent.requests()[0].memory(), "body");
  EXPECT_EQ(agent.requests()[0].budget(), 1'000'000u);
}

TEST_F(Offload, SendsTheObjectAgainWhenTheAgentForgotIt) {
  ScriptedAgent agent(socket_);
  TestWatchdog watchdog(options());
  ASSERT_TRUE(ready(watchdog));
  agent.forget();
  EXPECT_EQ(watchdog.post("x").body, "4");
  // The regular probe may load it first; then the id is good again.
  const auto requests = agent.requests();
  if (requests.size() == 2) {
    EXPECT_EQ(requests[0].program_id(), "id-1");
    EXPECT_FALSE(requests[1].program().object().empty());
    EXPECT_EQ(requests[1].program().function(), "four");
    EXPECT_EQ(requests[1].program().convention(), rpc::CONVENTION_MEM);
    EXPECT_EQ(requests[1].memory(), "x");
  }
  EXPECT_EQ(watchdog.post("y").body, "4");
}

TEST_F(Offload, FindsAnAgentThatCameBack) {
  ScriptedAgent agent(socket_);
  TestWatchdog watchdog(options());
  ASSERT_TRUE(ready(watchdog));
  agent.stop();
  const Answer down = watchdog.post("x");
  EXPECT_EQ(down.status, 503);
  EXPECT_THAT(down.body,
              AllOf(HasSubstr("the offload agent at unix:"), HasSubstr("hint: is faisca-agent running")));
  EXPECT_EQ(down.headers.at("x-openfaas-internal"), "faisca-watchdog");
  EXPECT_TRUE(eventually([&] { return watchdog.request("GET", "/_/ready").status == 503; }));
  agent.forget();
  agent.start();
  EXPECT_TRUE(ready(watchdog));
  EXPECT_EQ(watchdog.post("x").body, "4");
}

TEST_F(Offload, IsNotReadyWithoutAnAgent) {
  TestWatchdog watchdog(options());
  EXPECT_EQ(watchdog.request("GET", "/_/health").status, 200);
  const Answer answer = watchdog.request("GET", "/_/ready");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(watchdog.post("x").status, 503);
}

TEST_F(Offload, IsNotReadyWhenTheAgentRefusesTheProgram) {
  ScriptedAgent agent(socket_);
  agent.refuse_load();
  TestWatchdog watchdog(options());
  EXPECT_TRUE(eventually([&] {
    return watchdog.request("GET", "/_/ready").body.find("does not verify here") != std::string::npos;
  }));
}

TEST_F(Offload, MapsTheAgentsErrors) {
  ScriptedAgent agent(socket_);
  TestWatchdog watchdog(options());
  ASSERT_TRUE(ready(watchdog));
  const std::vector<std::pair<grpc::StatusCode, int>> table = {
      {grpc::StatusCode::OUT_OF_RANGE, 413},      {grpc::StatusCode::RESOURCE_EXHAUSTED, 429},
      {grpc::StatusCode::DEADLINE_EXCEEDED, 504}, {grpc::StatusCode::INTERNAL, 500},
      {grpc::StatusCode::INVALID_ARGUMENT, 400},  {grpc::StatusCode::UNAVAILABLE, 503}};
  for (const auto& [code, status] : table) {
    agent.behave([code = code](auto&, auto&, auto&) { return grpc::Status(code, "the agent says why"); });
    const Answer answer = watchdog.post("x");
    EXPECT_EQ(answer.status, status);
    EXPECT_THAT(answer.body, HasSubstr("the agent says why"));
  }
}

TEST_F(Offload, PassesTheCallersDeadlineOn) {
  ScriptedAgent agent(socket_);
  agent.behave([](grpc::ServerContext& context, auto&, auto&) {
    eventually([&] { return context.IsCancelled(); });
    return grpc::Status::CANCELLED;
  });
  TestWatchdog watchdog(options());
  ASSERT_TRUE(ready(watchdog));
  const Answer answer = watchdog.request("POST", "/", "x", {"X-Timeout: 100ms"});
  EXPECT_EQ(answer.status, 504);
}

TEST_F(Offload, CancelsWhenTheClientGoesAway) {
  ScriptedAgent agent(socket_);
  std::atomic<bool> began = false, cancelled = false;
  agent.behave([&](grpc::ServerContext& context, auto&, auto&) {
    began = true;
    cancelled = eventually([&] { return context.IsCancelled(); });
    return grpc::Status::CANCELLED;
  });
  TestWatchdog watchdog(options());
  ASSERT_TRUE(ready(watchdog));
  TestClient client(watchdog.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");
  ASSERT_TRUE(eventually([&] { return began.load(); }));
  client.close();
  EXPECT_TRUE(eventually([&] { return cancelled.load(); }));
}

TEST_F(Offload, EndsOrderlyWithCallsInProgress) {
  ScriptedAgent agent(socket_);
  std::atomic<bool> began = false;
  agent.behave([&](grpc::ServerContext& context, auto&, auto&) {
    began = true;
    eventually([&] { return context.IsCancelled(); });
    return grpc::Status::CANCELLED;
  });
  TestWatchdog watchdog(options({{"write_timeout", "100ms"}}));
  ASSERT_TRUE(ready(watchdog));
  TestClient client(watchdog.port());
  client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");
  ASSERT_TRUE(eventually([&] { return began.load(); }));
  watchdog.signal(SIGTERM);
  EXPECT_TRUE(watchdog.wait().success());
}

TEST_F(Offload, GivesThePacketAndTheVerdictOfXdp) {
  ScriptedAgent agent(socket_);
  agent.behave([](auto&, const rpc::InvokeRequest& request, rpc::InvokeResponse& response) {
    response.set_r0(3);
    response.set_memory("<" + request.memory() + ">");
    return grpc::Status::OK;
  });
  TestWatchdog watchdog(options({{"FAISCA_CONVENTION", "xdp"}, {"FAISCA_OUTPUT", "memory"}}));
  ASSERT_TRUE(ready(watchdog));
  const Answer answer = watchdog.post("packet");
  EXPECT_EQ(answer.body, "<packet>");
  EXPECT_EQ(answer.headers.at("x-faisca-verdict"), "XDP_TX");
  EXPECT_EQ(answer.headers.at("content-type"), "application/octet-stream");
}

TEST_F(Offload, DoesNotStartWithABadObject) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"/etc/passwd", "not an ELF file"},
      {"/no/such/object.o", "No such file"},
      {FAISCA_TEST_OBJECTS "/unknown_helper.o", "9999"},
      {"/bin/true", "hint:"},  // ELF, but not eBPF
  };
  for (const auto& [path, message] : table) {
    TestWatchdog watchdog(options({{"FAISCA_OBJECT", path}}));
    EXPECT_EQ(watchdog.wait().status, 1) << path;
    EXPECT_THAT(watchdog.log(), HasSubstr(message)) << path;
  }
}

TEST_F(Offload, NamesAProgramThatTheObjectDoesNotHave) {
  TestWatchdog watchdog(options({{"FAISCA_PROGRAM", "five"}}));
  EXPECT_EQ(watchdog.wait().status, 1);
  EXPECT_THAT(watchdog.log(), HasSubstr("five"));
}

}  // namespace
}  // namespace faisca::watchdog
