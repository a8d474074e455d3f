#include "lib/cluster/embedded/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/types/function/defaults.h"

namespace faisca::cluster {
namespace {

using testing::Contains;
using testing::Not;
using testing::StartsWith;

const InstancePlace kPlace{
    "x-1", "/home", "/home/object.o", "unix:/home/run/agent.sock", "/home/run/x-1.lock", 3, 4};

TEST(InstanceEnvironment, TellsTheWatchdogWhatTheSpecSays) {
  api::Function f;
  f.metadata.name = "x";
  f.spec.timeouts.exec = std::chrono::seconds(90);
  f.spec.concurrency.per_instance = 7;
  f.spec.max_body_bytes = 1234;
  f.spec.env = {{"QUALITY", "a=b"}};
  const auto environment = instance_environment(api::with_defaults(f), kPlace);
  for (const char* entry : {"exec_timeout=1m30s", "read_timeout=30s", "max_inflight=7", "OPENFAAS_NAME=x",
                            "OPENFAAS_NAMESPACE=openfaas-fn", "QUALITY=a=b", "FAISCA_MAX_BODY=1234",
                            "FAISCA_LISTEN_FD=3", "FAISCA_METRICS_FD=4", "FAISCA_HOME=/home",
                            "FAISCA_INSTANCE=x-1", "FAISCA_LOCK_FILE=/home/run/x-1.lock"})
    EXPECT_THAT(environment, Contains(entry));
  EXPECT_THAT(environment, Contains(StartsWith("PATH=")));
  EXPECT_THAT(environment, Not(Contains(StartsWith("FAISCA_OBJECT="))));
}

TEST(InstanceEnvironment, LetsTheFunctionOverrideTheWatchdogsNames) {
  api::Function f;
  f.spec.env = {{"exec_timeout", "5"}, {"PATH", "/opt/bin"}};
  const auto environment = instance_environment(f, kPlace);
  EXPECT_THAT(environment, Contains("exec_timeout=5"));
  EXPECT_THAT(environment, Contains("PATH=/opt/bin"));
  EXPECT_THAT(environment, Not(Contains("exec_timeout=30s")));
}

TEST(InstanceEnvironment, DescribesAnOffloadedProgram) {
  api::Function f;
  f.spec.offload = api::Offload{api::Convention::kXdp, "ELF", "entry", api::OffloadOutput::kHex16, 99};
  const auto environment = instance_environment(f, kPlace);
  for (const char* entry :
       {"FAISCA_AGENT=unix:/home/run/agent.sock", "FAISCA_OBJECT=/home/object.o", "FAISCA_PROGRAM=entry",
        "FAISCA_CONVENTION=xdp", "FAISCA_OUTPUT=hex16", "FAISCA_BUDGET=99"})
    EXPECT_THAT(environment, Contains(entry));
}

}  // namespace
}  // namespace faisca::cluster
