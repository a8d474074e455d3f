#include "cli/app.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <future>

#include "cli/exit_code.h"
#include "cli/testing/fake_server.h"
#include "cli/testing/run.h"
#include "lib/base/files.h"

namespace faisca::cli {
namespace {

using Request = FakeServer::Request;

constexpr char kHello[] =
    R"({"name":"hello","image":"","replicas":2,"availableReplicas":1,"invocationCount":41.0,"createdAt":"2020-01-01T00:00:00Z"})";
constexpr char kMissing[] =
    R"({"status":404,"hop":"client to gateway","error":"no function \"x\" is deployed","hint":"list them"})";

TEST(App, NamesTheNearestCommandForAMistypedOne) {
  const Ran ran = run({"lst"});
  EXPECT_EQ(ran.code, kExitUsage);
  EXPECT_EQ(ran.err, "error: there is no command \"lst\"\nhint: did you mean \"list\"? faisca --help\n");
}

TEST(App, RefusesWrongCommandLinesWithCodeTwo) {
  const std::vector<std::vector<std::string>> wrong = {{},
                                                       {"--nonsense"},
                                                       {"list", "extra"},
                                                       {"invoke"},
                                                       {"scale", "a"},
                                                       {"scale", "a", "1001"},
                                                       {"scale", "a", "-1"},
                                                       {"up", "--port", "65536"},
                                                       {"list", "-o", "xml"},
                                                       {"completion", "tcsh"},
                                                       {"bpf"},
                                                       {"bpf", "chek"},
                                                       {"new", "a"},
                                                       {"deploy", "dir", "-f", "file"},
                                                       {"logs", "a", "--tail", "-1"}};
  for (const auto& arguments : wrong) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, kExitUsage) << ::testing::PrintToString(arguments) << ran.err;
    EXPECT_EQ(ran.out, "") << ::testing::PrintToString(arguments);
  }
}

TEST(App, AnswersHelpOnStdoutWithCodeZero) {
  for (const auto& arguments : std::vector<std::vector<std::string>>{{"--help"}, {"help"}}) {
    const Ran ran = run(arguments);
    EXPECT_EQ(ran.code, 0);
    EXPECT_NE(ran.out.find("Exit codes:"), std::string::npos);
  }
  EXPECT_NE(run({"help", "bpf", "check"}).out.find("faisca bpf check [OPTIONS]"), std::string::npos);
}

TEST(App, LeavesTheWordsOfSimToItsProgram) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"sim"}, {"sim", "--help"}, {"sim", "--object", "x.o", "--in", "0=a.pcap"}}) {
    const Ran ran = run(words);  // in a test it stands beside nothing
    EXPECT_NE(ran.err.find("cannot start faisca-sim"), std::string::npos) << ran.out << ran.err;
  }
}

TEST(App, SaysThatTheGatewayIsNotReachableWithCodeFour) {
  const Ran ran = run({"list"});
  EXPECT_EQ(ran.code, kExitUnavailable);
  EXPECT_NE(ran.err.find("error: no answer from http://127.0.0.1:1"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("hint: start the platform"), std::string::npos);
}

TEST(App, RefusesAGatewayThatIsNoUrl) {
  for (const char* url : {"", "nonsense", "ftp://127.0.0.1/"}) {
    const Ran ran = run({"--gateway", url, "list"});
    EXPECT_EQ(ran.code, kExitRefused) << url << ran.err;
    EXPECT_NE(ran.err.find("hint: write it like http://127.0.0.1:8080"), std::string::npos) << url;
  }
}

TEST(List, PrintsATableOrTheGatewaysJsonOrYaml) {
  const FakeServer gateway(
      [](const Request&) { return FakeServer::response(200, std::string("[") + kHello + "]"); });
  const Ran people = run({"list"}, gateway.url());
  EXPECT_EQ(people.code, 0) << people.err;
  EXPECT_TRUE(people.out.starts_with("NAME   READY  INVOCATIONS  AGE\nhello  1/2    41           "))
      << people.out;
  EXPECT_EQ(run({"list", "-o", "yaml"}, gateway.url()).out,
            "- name: hello\n  image: \"\"\n  replicas: 2\n  availableReplicas: 1\n  invocationCount: 41.0\n"
            "  createdAt: \"2020-01-01T00:00:00Z\"\n");
  EXPECT_TRUE(run({"-o", "json", "list"}, gateway.url()).out.starts_with("[\n  {\n    \"name\": \"hello\","));
}

TEST(List, SaysWhenTheAnswerIsNotFromAGateway) {
  const FakeServer other([](const Request&) { return FakeServer::response(200, "<html>", "text/html"); });
  const Ran ran = run({"list"}, other.url());
  EXPECT_EQ(ran.code, kExitFailed);
  EXPECT_NE(ran.err.find("does --gateway name a Faisca gateway?"), std::string::npos) << ran.err;
}

TEST(Describe, ShowsMessageHintAndHopOfAPlatformError) {
  const FakeServer gateway([](const Request&) { return FakeServer::response(404, kMissing); });
  const Ran ran = run({"describe", "x"}, gateway.url());
  EXPECT_EQ(ran.code, kExitNotFound);
  EXPECT_EQ(ran.err,
            "error: no function \"x\" is deployed (on the hop client to gateway, while reading x)\nhint: "
            "list them\n");
}

TEST(Invoke, SendsDataPathMethodAndHeaders) {
  const FakeServer gateway([](const Request& request) {
    return FakeServer::response(200,
                                request.method + " " + request.target + " " + request.body + " " +
                                    (request.head.find("x-mine:1") != std::string::npos ? "mine" : "lost"));
  });
  EXPECT_EQ(run({"invoke", "hello", "-d", "Ada"}, gateway.url()).out, "POST /function/hello Ada lost");
  EXPECT_EQ(run({"invoke", "hello"}, gateway.url(), "from stdin").out,
            "POST /function/hello from stdin lost");
  EXPECT_EQ(
      run({"invoke", "hello", "-X", "PUT", "-p", "a/b?c=d", "-H", "X-Mine: 1", "-d", ""}, gateway.url()).out,
      "PUT /function/hello/a/b?c=d  mine");
}

TEST(Invoke, PrintsBinaryAnswersUnchanged) {
  const std::string bytes("\0\xff\r\n\x1b", 5);
  const FakeServer gateway([&](const Request&) { return FakeServer::response(200, bytes); });
  EXPECT_EQ(run({"invoke", "hello", "-d", "x"}, gateway.url()).out, bytes);
}

TEST(Invoke, ExitsByTheStatusOfTheAnswer) {
  const std::pair<int, int> table[] = {{200, kExitOk},     {204, kExitOk},          {404, kExitNotFound},
                                       {500, kExitFailed}, {503, kExitUnavailable}, {504, kExitUnavailable},
                                       {429, kExitFailed}, {413, kExitRefused}};
  for (const auto& [status, code] : table) {
    const FakeServer gateway([status = status](const Request&) { return FakeServer::response(status, ""); });
    const Ran ran = run({"invoke", "hello", "-d", "x"}, gateway.url());
    EXPECT_EQ(ran.code, code) << status << ran.err;
  }
}

TEST(Invoke, GivesUpAfterItsTimeout) {
  std::promise<void> enough;
  const FakeServer gateway([&](const Request&) {
    enough.get_future().wait();
    return FakeServer::response(200, "too late");
  });
  const Ran ran = run({"invoke", "hello", "-d", "x", "--timeout", "100ms"}, gateway.url());
  enough.set_value();
  EXPECT_EQ(ran.code, kExitUnavailable) << ran.err;
  EXPECT_NE(ran.err.find("did not answer within 100 ms"), std::string::npos) << ran.err;
}

TEST(Invoke, FailsWhenTheAnswerBreaksOff) {
  const FakeServer gateway([](const Request&) { return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"; });
  EXPECT_EQ(run({"invoke", "hello", "-d", "x"}, gateway.url()).code, kExitUnavailable);
}

TEST(Invoke, RefusesAHeaderWithoutAColonAndAFileThatIsNotThere) {
  EXPECT_EQ(run({"invoke", "hello", "-d", "x", "-H", "nonsense"}).code, kExitRefused);
  EXPECT_EQ(run({"invoke", "hello", "-d", "@/nonexistent"}).code, kExitNotFound);
}

TEST(Logs, PrintsLinesAcrossPiecesAndDefusesControlCharacters) {
  const FakeServer gateway([](const Request& request) {
    EXPECT_EQ(request.target, "/system/logs?name=hello&tail=2");
    return FakeServer::response(200,
                                "{\"timestamp\":\"T1\",\"instance\":\"i\",\"text\":\"one\"}\n"
                                "{\"timestamp\":\"T2\",\"instance\":\"i\",\"text\":\"\\u001b[2J\"}\n",
                                "application/x-ndjson");
  });
  EXPECT_EQ(run({"logs", "hello", "-n", "2"}, gateway.url()).out, "T1 i one\nT2 i ?[2J\n");
}

TEST(Logs, KeepsEqualLinesOfOneInstant) {
  const FakeServer gateway([](const Request&) {
    return FakeServer::response(200,
                                "{\"timestamp\":\"T1\",\"instance\":\"i\",\"text\":\"a\"}\n"
                                "{\"timestamp\":\"T1\",\"instance\":\"i\",\"text\":\"a\"}\n",
                                "application/x-ndjson");
  });
  EXPECT_EQ(run({"logs", "hello"}, gateway.url()).out, "T1 i a\nT1 i a\n");
}

// The third answer ends the story: following ends with the gateway.
TEST(Logs, FollowsWithoutRepeatingLines) {
  int asked = 0;
  std::vector<std::string> targets;
  const FakeServer gateway([&](const Request& request) {
    targets.push_back(request.target);
    const std::string first = "{\"timestamp\":\"T1\",\"instance\":\"i\",\"text\":\"one\"}\n";
    const std::string second = "{\"timestamp\":\"T2\",\"instance\":\"i\",\"text\":\"two\"}\n";
    if (++asked == 3) return FakeServer::response(503, "");
    return FakeServer::response(200, asked == 1 ? first : first + second, "application/x-ndjson");
  });
  const Ran ran = run({"logs", "hello", "-f", "-n", "1"}, gateway.url());
  EXPECT_EQ(ran.out, "T1 i one\nT2 i two\n");
  EXPECT_EQ(ran.code, kExitUnavailable);
  EXPECT_EQ(targets,
            (std::vector<std::string>{"/system/logs?name=hello&tail=1", "/system/logs?name=hello&since=T1",
                                      "/system/logs?name=hello&since=T2"}));
}

TEST(Logs, RefusesATimeThatIsNone) {
  EXPECT_EQ(run({"logs", "a", "--since", "yesterday"}).code, kExitRefused);
}

TEST(Deploy, CreatesWhatCannotBeUpdated) {
  std::string methods;
  const FakeServer gateway([&](const Request& request) {
    methods += request.method + " ";
    if (request.method == "PUT") return FakeServer::response(404, "");
    return FakeServer::response(request.method == "GET" ? 200 : 202, kHello);
  });
  const Ran ran = run({"deploy", "-f", "-"}, gateway.url(),
                      "apiVersion: faisca.dev/v1alpha1\nkind: Function\nmetadata: {name: hello}\n"
                      "spec: {handler: {command: [/bin/cat]}}\n");
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(methods, "PUT POST GET ");
  EXPECT_EQ(ran.err, "deployed hello\n");
  EXPECT_EQ(ran.out, gateway.url() + "/function/hello\n");
}

TEST(Deploy, ChecksTheFileBeforeItAsksTheGateway) {
  const Ran ran = run({"deploy", "-f", "-"}, "http://127.0.0.1:1",
                      "apiVersion: faisca.dev/v1alpha1\nkind: Function\nmetadata: {name: hello}\n"
                      "spec: {handler: {comand: [/bin/cat]}}\n");
  EXPECT_EQ(ran.code, kExitRefused);
  EXPECT_NE(ran.err.find("comand"), std::string::npos) << ran.err;
  EXPECT_EQ(run({"deploy", "-f", "/nonexistent.yaml"}).code, kExitNotFound);
  EXPECT_EQ(run({"deploy", "/nonexistent"}).code, kExitNotFound);
}

TEST(Remove, StopsAtTheFirstThatIsNotThere) {
  std::string bodies;
  const FakeServer gateway([&](const Request& request) {
    bodies += request.body;
    return FakeServer::response(404, kMissing);
  });
  EXPECT_EQ(run({"remove", "a", "b"}, gateway.url()).code, kExitNotFound);
  EXPECT_EQ(bodies, "{\"functionName\":\"a\"}");
}

TEST(Version, SaysWhetherAGatewayIsThere) {
  const FakeServer gateway(
      [](const Request&) { return FakeServer::response(200, R"({"version":{"release":"9.9"}})"); });
  EXPECT_NE(run({"version"}, gateway.url()).out.find("gateway 9.9 at http://"), std::string::npos);
  const Ran none = run({"version"});
  EXPECT_EQ(none.code, 0);
  EXPECT_NE(none.out.find("no gateway at"), std::string::npos);
}

TEST(Bpf, SaysWhatIsWrongWithAnObject) {
  const TemporaryFolder folder;
  const std::string file = (folder.path() / "x.o").string();
  ASSERT_TRUE(write_file_atomic(file, "not an object"));
  for (const char* command : {"check", "dump"}) {
    const Ran ran = run({"bpf", command, file});
    EXPECT_EQ(ran.code, kExitRefused) << ran.err;
    EXPECT_NE(ran.err.find("while reading " + file), std::string::npos) << ran.err;
    EXPECT_EQ(run({"bpf", command, "/nonexistent.o"}).code, kExitNotFound);
  }
}

// The page docs/reference/cli.md is made of the help texts: FAISCA_UPDATE_GOLDEN=1 writes it.
TEST(Reference, PageSaysWhatHelpSays) {
  Context context;
  context.gateway = "http://127.0.0.1:8080";
  Runs runs;
  const auto app = make_app(context, runs);
  std::string page =
      "# Command line\n\nThis page is what `faisca help` and `faisca help COMMAND` print; the test "
      "`Reference` keeps "
      "it so.\n\n`NAME` is the name of a function. A default stands after `=`. `FAISCA_GATEWAY` or "
      "`OPENFAAS_URL` in the\n"
      "environment stand for `--gateway`.\n";
  const std::function<void(const CLI::App&)> add = [&](const CLI::App& command) {
    page += "\n## " + command_path(command) + "\n\n```\n" + help_of(command);
    while (page.ends_with("\n")) page.pop_back();
    page += "\n```\n";
    for (const CLI::App* child : command.get_subcommands([](const CLI::App*) { return true; })) add(*child);
  };
  add(*app);
  const std::string file = FAISCA_SOURCE "/docs/reference/cli.md";
  if (std::getenv("FAISCA_UPDATE_GOLDEN")) ASSERT_TRUE(write_file_atomic(file, page));
  const auto stored = read_file(file);
  ASSERT_TRUE(stored);
  EXPECT_EQ(*stored, page) << "run cli_test with FAISCA_UPDATE_GOLDEN=1";
}

}  // namespace
}  // namespace faisca::cli
