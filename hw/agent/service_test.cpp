// The agent as its callers see it: a gRPC channel over a unix socket, and the device simulated from the RTL
// behind it.
#include "hw/agent/service.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "hw/agent/server.h"
#include "hw/agent/test_support.h"

namespace faisca::agent {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

struct Agent {
  explicit Agent(const std::filesystem::path& socket, std::size_t queue_size) : queue(queue_size, clock) {
    auto made = Executor::create(verilated, clock);
    EXPECT_TRUE(made) << made.error().text();
    const device::DeviceInfo device = (*made)->info();
    store = std::make_unique<ProgramStore>(8, limits_of(device));
    runner = std::make_unique<Runner>(*std::move(made), queue, stats, clock);
    service = std::make_unique<OffloadService>(
        OffloadService::Parts{*store, queue, *runner, stats, clock, device, 1'000'000, "first"});
    auto started = Server::start(socket, *service, 16u << 20);
    EXPECT_TRUE(started) << started.error().text();
    server = *std::move(started);
  }

  RealClock clock;
  Queue queue;
  Stats stats{8};
  std::unique_ptr<ProgramStore> store;
  std::unique_ptr<Runner> runner;
  std::unique_ptr<OffloadService> service;
  std::unique_ptr<Server> server;
};

class ServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/faisca-agent-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
    start();
  }
  void TearDown() override {
    agent_.reset();
    std::filesystem::remove_all(folder_);
  }
  void start(std::size_t queue_size = 4) {
    const auto socket = folder_ / "agent.sock";
    agent_.reset();
    agent_ = std::make_unique<Agent>(socket, queue_size);
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stub_ = proto::Offload::NewStub(
        grpc::CreateCustomChannel("unix:" + socket.string(), grpc::InsecureChannelCredentials(), arguments));
  }

  static proto::InvokeRequest request(const std::string& name, std::string memory = "",
                                      std::uint64_t budget = 0) {
    proto::InvokeRequest made;
    made.mutable_program()->set_object(object(name));
    made.mutable_program()->set_function(name);
    made.set_memory(std::move(memory));
    made.set_budget(budget);
    return made;
  }
  grpc::Status invoke(const proto::InvokeRequest& request, proto::InvokeResponse* response,
                      std::chrono::milliseconds deadline = 60s) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + deadline);
    return stub_->Invoke(&context, request, response);
  }
  proto::StatsResponse stats() {
    grpc::ClientContext context;
    proto::StatsResponse response;
    EXPECT_TRUE(stub_->Stats(&context, {}, &response).ok());
    return response;
  }

  // A run that keeps the device busy until it is cancelled.
  class Busy {
   public:
    explicit Busy(ServiceTest& test) {
      thread_ = std::thread([this, &test, sent = request("endless", "", 0xffffffff)] {
        proto::InvokeResponse response;
        status_ = test.stub_->Invoke(&context_, sent, &response);
      });
      // It is on the device once it is known and no longer waits.
      while (test.agent_->store->size() == 0 || test.agent_->runner->loads() == 0) std::this_thread::yield();
    }
    grpc::Status cancel() {
      context_.TryCancel();
      if (thread_.joinable()) thread_.join();
      return status_;
    }
    ~Busy() { cancel(); }

   private:
    grpc::ClientContext context_;
    grpc::Status status_;
    std::thread thread_;
  };

  std::filesystem::path folder_;
  std::unique_ptr<Agent> agent_;
  std::unique_ptr<proto::Offload::Stub> stub_;
};

TEST_F(ServiceTest, AnswersFour) {
  proto::InvokeResponse response;
  const grpc::Status status = invoke(request("four"), &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.r0(), 4u);
  EXPECT_EQ(response.instructions(), 2u);
  EXPECT_GT(response.cycles(), 0u);
  EXPECT_EQ(response.program_id().size(), 64u);
}

TEST_F(ServiceTest, RunsALoadedProgramByItsId) {
  grpc::ClientContext context;
  proto::LoadRequest load;
  *load.mutable_program() = request("checksum").program();
  proto::LoadResponse loaded;
  ASSERT_TRUE(stub_->Load(&context, load, &loaded).ok());
  EXPECT_GT(loaded.instructions(), 4u);
  std::mt19937 random(22);
  for (int i = 0; i < 20; ++i) {
    proto::InvokeRequest by_id;
    by_id.set_program_id(loaded.program_id());
    by_id.set_memory(random_bytes(random, random() % 600));
    proto::InvokeResponse response;
    const grpc::Status status = invoke(by_id, &response);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.r0(), internet_checksum(by_id.memory()));
    EXPECT_EQ(response.memory(), by_id.memory());
  }
}

TEST_F(ServiceTest, TheSameProgramKeepsItsIdAndMaps) {
  proto::InvokeResponse first, second;
  ASSERT_TRUE(invoke(request("counter", "x"), &first).ok());
  ASSERT_TRUE(invoke(request("counter", "x"), &second).ok());
  EXPECT_EQ(first.program_id(), second.program_id());
  EXPECT_EQ(second.r0(), 2002002u);
}

TEST_F(ServiceTest, ForgetsProgramsWhenItRestarts) {
  proto::InvokeResponse response;
  ASSERT_TRUE(invoke(request("four"), &response).ok());
  proto::InvokeRequest by_id;
  by_id.set_program_id(response.program_id());
  start();
  const grpc::Status status = invoke(by_id, &response);
  EXPECT_EQ(status.error_code(), grpc::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("hint: send the object again"));
  EXPECT_TRUE(invoke(request("four"), &response).ok());
}

TEST_F(ServiceTest, TellsWhichInstructionFaulted) {
  proto::InvokeResponse response;
  const grpc::Status status = invoke(request("fault", "abc"), &response);
  EXPECT_EQ(status.error_code(), grpc::INTERNAL);
  EXPECT_THAT(status.error_message(), HasSubstr("faulted at instruction "));
  EXPECT_THAT(status.error_message(), HasSubstr("offset 3 is outside the memory"));
}

TEST_F(ServiceTest, BudgetEndsAnEndlessLoop) {
  proto::InvokeResponse response;
  const grpc::Status status = invoke(request("endless", "", 3000), &response);
  EXPECT_EQ(status.error_code(), grpc::DEADLINE_EXCEEDED);
  EXPECT_THAT(status.error_message(), HasSubstr("instruction budget of 3000 is used up"));
}

TEST_F(ServiceTest, RefusesWhatItCannotRun) {
  const struct {
    const char* what;
    proto::InvokeRequest request;
    grpc::StatusCode code;
    const char* message;
  } cases[] = {
      {"nothing", {}, grpc::INVALID_ARGUMENT, "names no program"},
      {"no ELF",
       [] {
         auto r = request("four");
         r.mutable_program()->set_object("#!/bin/sh");
         return r;
       }(),
       grpc::INVALID_ARGUMENT, ""},
      {"no such entry",
       [] {
         auto r = request("four");
         r.mutable_program()->set_entry("five");
         return r;
       }(),
       grpc::INVALID_ARGUMENT, "five"},
      {"too large", request("four", std::string(65'537, 'x')), grpc::OUT_OF_RANGE,
       "memory of 65537 bytes is larger than the device's 65536"},
      {"budget", request("four", "", 1ull << 32), grpc::OUT_OF_RANGE, "budget of 4294967296"},
      {"convention",
       [] {
         auto r = request("four");
         r.mutable_program()->set_convention(static_cast<proto::Convention>(9));
         return r;
       }(),
       grpc::INVALID_ARGUMENT, "convention 9"},
  };
  for (const auto& each : cases) {
    proto::InvokeResponse response;
    const grpc::Status status = invoke(each.request, &response);
    EXPECT_EQ(status.error_code(), each.code) << each.what << ": " << status.error_message();
    EXPECT_THAT(status.error_message(), HasSubstr(each.message)) << each.what;
  }
}

TEST_F(ServiceTest, CancellingEndsARunAndFreesTheDevice) {
  Busy busy(*this);
  EXPECT_EQ(busy.cancel().error_code(), grpc::CANCELLED);
  proto::InvokeResponse response;
  ASSERT_TRUE(invoke(request("four"), &response).ok());
  EXPECT_EQ(response.r0(), 4u);
}

TEST_F(ServiceTest, DeadlineEndsARun) {
  proto::InvokeResponse response;
  EXPECT_EQ(invoke(request("endless", "", 0xffffffff), &response, 100ms).error_code(),
            grpc::DEADLINE_EXCEEDED);
  EXPECT_TRUE(invoke(request("four"), &response).ok());
}

TEST_F(ServiceTest, DeadlinePassesWhileARequestWaits) {
  Busy busy(*this);
  proto::InvokeResponse response;
  EXPECT_EQ(invoke(request("four"), &response, 50ms).error_code(), grpc::DEADLINE_EXCEEDED);
  while (agent_->queue.size() > 0) std::this_thread::yield();  // the agent notices without anyone asking
  busy.cancel();
  EXPECT_TRUE(invoke(request("four"), &response).ok());
  const proto::StatsResponse all = stats();
  for (const auto& row : all.functions())
    if (row.function() == "four") EXPECT_EQ(row.invocations(), 1u) << "the late one never ran";
}

TEST_F(ServiceTest, RefusesMoreThanTheQueueHolds) {
  start(1);
  Busy busy(*this);
  auto waiting = std::async(std::launch::async, [this] {
    proto::InvokeResponse response;
    return invoke(request("four"), &response);
  });
  while (agent_->queue.size() == 0) std::this_thread::yield();
  proto::InvokeResponse response;
  const grpc::Status full = invoke(request("four"), &response);
  EXPECT_EQ(full.error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_THAT(full.error_message(), HasSubstr("queue is full"));
  busy.cancel();
  EXPECT_TRUE(waiting.get().ok());
}

TEST_F(ServiceTest, ACallerThatLeavesIsTakenOutOfTheQueue) {
  Busy busy(*this);
  grpc::ClientContext context;
  auto waiting = std::async(std::launch::async, [&] {
    proto::InvokeResponse response;
    return stub_->Invoke(&context, request("four"), &response);
  });
  while (agent_->queue.size() == 0) std::this_thread::yield();
  context.TryCancel();
  EXPECT_EQ(waiting.get().error_code(), grpc::CANCELLED);
  while (agent_->queue.size() > 0) std::this_thread::yield();
}

TEST_F(ServiceTest, ShutdownEndsWhatDoesNotEnd) {
  Busy busy(*this);
  agent_->server->shutdown(50ms);
  EXPECT_FALSE(busy.cancel().ok());
}

TEST_F(ServiceTest, CountsPerFunction) {
  proto::InvokeResponse response;
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(invoke(request("four"), &response).ok());
  EXPECT_FALSE(invoke(request("fault"), &response).ok());
  const proto::StatsResponse all = stats();
  EXPECT_EQ(all.device(), "verilated/0");
  EXPECT_EQ(all.engines(), 1u);
  EXPECT_EQ(all.memory_bytes(), 65536u);
  EXPECT_EQ(all.loads(), 2u);
  ASSERT_EQ(all.functions_size(), 2);
  EXPECT_EQ(all.functions(0).function(), "fault");
  EXPECT_EQ(all.functions(0).failures(), 1u);
  EXPECT_EQ(all.functions(1).function(), "four");
  EXPECT_EQ(all.functions(1).invocations(), 3u);
  EXPECT_EQ(all.functions(1).instructions(), 6u);
}

TEST_F(ServiceTest, ManyCallersAtOnceGetTheirOwnAnswers) {
  start(64);
  std::vector<std::thread> callers;
  for (unsigned seed = 0; seed < 6; ++seed)
    callers.emplace_back([this, seed] {
      std::mt19937 random(seed);
      for (int i = 0; i < 15; ++i) {
        const std::string body = random_bytes(random, random() % 200);
        proto::InvokeResponse response;
        const grpc::Status status = invoke(request(seed % 2 ? "checksum" : "writer", body), &response);
        ASSERT_TRUE(status.ok()) << status.error_message();
        EXPECT_EQ(response.r0(), seed % 2 ? internet_checksum(body) : body.size());
      }
    });
  for (std::thread& caller : callers) caller.join();
}

TEST_F(ServiceTest, ForgetsAnUnloadedProgramWithItsMaps) {
  proto::InvokeResponse response;
  ASSERT_TRUE(invoke(request("counter"), &response).ok());
  ASSERT_TRUE(invoke(request("counter"), &response).ok());
  const std::uint64_t second = response.r0();
  const std::string id = response.program_id();
  EXPECT_THAT(stats().programs(), testing::ElementsAre(id));

  proto::UnloadRequest unload;
  unload.set_program_id(id);
  for (int times = 0; times < 2; ++times) {  // the second time it is gone already
    grpc::ClientContext context;
    proto::UnloadResponse nothing;
    EXPECT_TRUE(stub_->Unload(&context, unload, &nothing).ok());
  }
  EXPECT_EQ(stats().programs_size(), 0);
  proto::InvokeRequest by_id;
  by_id.set_program_id(id);
  EXPECT_EQ(invoke(by_id, &response).error_code(), grpc::StatusCode::NOT_FOUND);
  ASSERT_TRUE(invoke(request("counter"), &response).ok());
  EXPECT_LT(response.r0(), second) << "the counter starts afresh";
}

TEST_F(ServiceTest, TellsWhoItIsAndWhatFits) {
  const proto::StatsResponse all = stats();
  EXPECT_EQ(all.instance(), "first");
  EXPECT_GT(all.program_slots(), 0u);
  EXPECT_GT(all.data_bytes(), 0u);
}

}  // namespace
}  // namespace faisca::agent
