#include "api/types/function/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/types/function/defaults.h"

namespace faisca::api {
namespace {

using testing::HasSubstr;

Function good() {
  Function f;
  f.metadata.name = "resize";
  f.spec.handler.command = {"/bin/cat"};
  return with_defaults(std::move(f));
}

TEST(Validate, AcceptsEachWayToSayWhatRuns) {
  EXPECT_TRUE(validate(good()));
  Function image = good();
  image.spec.handler.command.clear();
  image.spec.image = "registry.example/x:1";
  EXPECT_TRUE(validate(image));
  Function code = good();
  code.spec.handler.command.clear();
  code.spec.source = Source{"python3", "print(1)", {}};
  EXPECT_TRUE(validate(with_defaults(code)));
  Function archive = good();
  archive.spec.handler.command = {"./resize"};
  archive.spec.source = Source{"c", "", Archive{"file:///x.tar", std::string(64, 'a')}};
  EXPECT_TRUE(validate(archive));
  Function offload = good();
  offload.spec.handler.command.clear();
  offload.spec.offload.emplace().object = "ELF";
  EXPECT_TRUE(validate(offload));
}

TEST(Validate, NamesTheFieldTheValueAndTheRemedy) {
  struct Row {
    std::function<void(Function&)> change;
    std::string error;
  };
  const Archive kArchive{"file:///x.tar", std::string(64, 'a')};
  const Row kRows[] = {
      {[](Function& f) { f.metadata.name = ""; },
       "metadata.name: it is missing; hint: use 1 to 63 of a-z, 0-9 and '-'"},
      {[](Function& f) { f.metadata.name = "Resize"; }, "metadata.name: \"Resize\" is not a DNS-1123 label"},
      {[](Function& f) { f.metadata.name = "-x"; }, "metadata.name: \"-x\" is not a DNS-1123 label"},
      {[](Function& f) { f.metadata.name = "a/../b"; }, "is not a DNS-1123 label"},
      {[](Function& f) { f.metadata.name = std::string(64, 'a'); }, "has 64 characters, more than 63"},
      {[](Function& f) { f.metadata.name_space = "a_b"; },
       "metadata.namespace: \"a_b\" is not a DNS-1123 label"},
      {[](Function& f) { f.spec.handler.command.clear(); },
       "spec: nothing says what runs; hint: give one of image, source, offload, or an absolute "
       "handler.command"},
      {[](Function& f) { f.spec.handler.command = {"cat"}; },
       "spec.handler.command[0]: \"cat\" is not an absolute path"},
      {[](Function& f) {
         f.spec.image = "x";
         f.spec.source.emplace();
       },
       "spec: image, source exclude each other; hint: keep one of them"},
      {[](Function& f) { f.spec.source.emplace(); },
       "spec.source: it is empty; hint: give inline code, or archive"},
      {[&](Function& f) { f.spec.source = Source{"bash", "x", kArchive}; },
       "spec.source: inline and archive exclude each other"},
      {[](Function& f) { f.spec.source = Source{"c", "int main;", {}}; },
       "spec.source.runtime: \"c\" cannot interpret inline code; hint: use python3, node or bash"},
      {[&](Function& f) {
         f.spec.source = Source{"c", "", kArchive};
         f.spec.handler.command.clear();
       },
       "spec.handler.command: it is missing; hint: name the program in the archive"},
      {[](Function& f) { f.spec.source = Source{"c", "", Archive{"x.tar", std::string(64, 'a')}}; },
       "spec.source.archive.url: \"x.tar\" is not a URL; hint: write it like file:///PATH/code.tar"},
      {[](Function& f) { f.spec.source = Source{"c", "", Archive{"file:///x", "../../etc"}}; },
       "spec.source.archive.sha256: \"../../etc\" is not 64 hex digits"},
      {[](Function& f) {
         f.spec.handler.command.clear();
         f.spec.offload.emplace();
       },
       "spec.offload.object.inline: it is empty"},
      {[](Function& f) { f.spec.offload.emplace().object = "ELF"; },
       "spec.handler.command: \"/bin/cat\" would never run: an offloaded program has no handler"},
      {[](Function& f) {
         f.spec.handler.command.clear();
         f.spec.offload.emplace().object = "ELF";
         f.spec.offload->budget = 0;
       },
       "spec.offload.budget: 0 is not between 1 and 1000000000000"},
      {[](Function& f) { f.spec.handler.command.push_back(std::string("a\0b", 3)); },
       "spec.handler.command[1]: \"a\" is followed by a zero byte"},
      {[](Function& f) { f.spec.env = {{"A=B", "x"}}; },
       "spec.env[0].name: \"A=B\" is not the name of an environment variable"},
      {[](Function& f) { f.spec.env = {{"", "x"}}; }, "spec.env[0].name: \"\" is not the name"},
      {[](Function& f) { f.spec.env = {{"A", "x"}, {"A", "y"}}; }, "spec.env[1].name: \"A\" is given twice"},
      {[](Function& f) { f.spec.env = {{"FAISCA_HOME", "x"}}; },
       "spec.env[0].name: \"FAISCA_HOME\" is reserved"},
      {[](Function& f) { f.spec.env = {{"A", std::string("\0", 1)}}; },
       "spec.env[0].value: \"\" is followed by a zero byte"},
      {[](Function& f) { f.spec.timeouts.exec = {}; }, "spec.timeouts.exec: 0s is not between 1ns and 24h"},
      {[](Function& f) { f.spec.timeouts.write = std::chrono::hours(25); },
       "spec.timeouts.write: 25h is not between"},
      {[](Function& f) { f.spec.concurrency.per_instance = -1; },
       "spec.concurrency.perInstance: -1 is negative"},
      {[](Function& f) { f.spec.scale.min = -1; }, "spec.scale.min: -1 is negative"},
      {[](Function& f) { f.spec.scale = {5, 4}; }, "spec.scale.min: 5 is more than scale.max, 4"},
      {[](Function& f) { f.spec.scale.max = 1001; }, "spec.scale.max: 1001 is not between 1 and 1000"},
      {[](Function& f) { f.spec.source = Source{"bash", "x", {}, "code"}; },
       "spec.source: inline and configMapRef exclude each other"},
      {[](Function& f) {
         f.spec.handler.command.clear();
         f.spec.offload.emplace().object = "ELF";
         f.spec.offload->ports = {0};
       },
       "spec.offload.ports: ports belong to convention xdp"},
      {[](Function& f) {
         f.spec.handler.command.clear();
         f.spec.offload.emplace().object = "ELF";
         f.spec.offload->convention = Convention::kXdp;
         f.spec.offload->ports = {1, 1};
       },
       "spec.offload.ports: 1 is out of range or given twice"},
      {[](Function& f) {
         f.spec.handler.command.clear();
         f.spec.offload.emplace().object = "ELF";
         f.spec.offload->convention = Convention::kXdp;
         f.spec.offload->lease = {};
       },
       "spec.offload.lease: 0s is not between 1ns and 24h"},
      {[](Function& f) { f.spec.env = {{"A", "", EnvSource{}}}; },
       "spec.env[0].valueFrom: it is empty; hint: give exactly one of secretKeyRef and configMapKeyRef"},
      {[](Function& f) { f.spec.env = {{"A", "x", EnvSource{KeyReference{"s", "k"}, {}}}}; },
       "spec.env[0]: value and valueFrom exclude each other"},
      {[](Function& f) { f.spec.env = {{"A", "", EnvSource{KeyReference{"s", ""}, {}}}}; },
       "spec.env[0].valueFrom: name or key is missing"},
      {[](Function& f) { f.spec.replicas = -1; }, "spec.replicas: -1 is not between 0 and 1000"},
      {[](Function& f) { f.spec.secrets = {"a", "a"}; }, "spec.secrets: \"a\" is given twice"},
      {[](Function& f) { f.spec.config_maps = {"A"}; },
       "spec.configMaps: \"A\" is not the name of an object"},
      {[](Function& f) { f.spec.scale.target = 0; }, "spec.scale.target: 0 is not positive"},
      {[](Function& f) { f.spec.scale.idle = {}; }, "spec.scale.idle: 0s is not positive"},
      {[](Function& f) { f.spec.max_body_bytes = 0; }, "spec.maxBodyBytes: 0 is not between 1 and 1024Gi"},
  };
  for (const Row& row : kRows) {
    Function f = good();
    row.change(f);
    const Status status = validate(f);
    ASSERT_FALSE(status) << row.error;
    EXPECT_EQ(status.error().code, Code::kInvalidArgument);
    EXPECT_THAT(status.error().text(), HasSubstr(row.error));
  }
}

TEST(Validate, KnowsWhatOnlyKubernetesTakes) {
  Function any = good();
  any.spec.handler.command.clear();
  any.spec.source = Source{"ruby", "puts 1", {}};  // a Runtime may have any name, and says the command
  EXPECT_TRUE(validate(any, Platform::kKubernetes));
  any.spec.source = Source{"ruby", "", {}, "code"};
  EXPECT_TRUE(validate(any, Platform::kKubernetes));

  Function command = good();
  EXPECT_THAT(validate(command, Platform::kKubernetes).error().text(),
              HasSubstr("spec: nothing says what runs; hint: give one of image, source, offload"));
  Function digit = good();
  digit.metadata.name = "1x";
  digit.spec.image = "x";
  EXPECT_TRUE(validate(digit));
  EXPECT_THAT(validate(digit, Platform::kKubernetes).error().text(),
              HasSubstr("metadata.name: \"1x\" begins with a digit"));
  Function archive = good();
  archive.spec.source = Source{"c", "", Archive{"file:///x.tar", std::string(64, 'a')}};
  EXPECT_THAT(validate(archive, Platform::kKubernetes).error().text(),
              HasSubstr("spec.source.archive: archives are read by the embedded platform only"));
}

TEST(Defaults, LeaveTheCommandToTheRuntimeOnKubernetes) {
  Function f;
  f.spec.source = Source{"node", "x", {}};
  EXPECT_TRUE(with_defaults(f, Platform::kKubernetes).spec.handler.command.empty());
}

TEST(Defaults, FillInNamespaceAndInterpreter) {
  Function f;
  f.spec.source = Source{"node", "x", {}};
  f = with_defaults(f);
  EXPECT_EQ(f.metadata.name_space, "openfaas-fn");
  EXPECT_EQ(f.spec.handler.command, (std::vector<std::string>{"node", "handler.js"}));
  EXPECT_EQ(with_defaults(f), f);
}

TEST(Defaults, LeaveWhatIsGiven) {
  Function f;
  f.metadata.name_space = "shop";
  f.spec.source = Source{"bash", "x", {}};
  f.spec.handler.command = {"bash", "-e", "handler.sh"};
  EXPECT_EQ(with_defaults(f), f);
}

}  // namespace
}  // namespace faisca::api
