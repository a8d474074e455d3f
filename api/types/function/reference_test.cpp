// The files that are made from the code are up to date. FAISCA_UPDATE_GOLDEN=1 rewrites them.
#include "api/types/function/reference.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "api/types/function/yaml.h"
#include "lib/base/files.h"

namespace faisca::api {
namespace {

void expect_golden(const std::string& file, const std::string& text) {
  const std::string path = std::string(FAISCA_SOURCE_DIR) + "/" + file;
  if (std::getenv("FAISCA_UPDATE_GOLDEN")) std::ofstream(path) << text;
  EXPECT_EQ(read_file(path).value_or("(no file)"), text) << "run the test once with FAISCA_UPDATE_GOLDEN=1";
}

TEST(FunctionReference, IsWhatTheCodeSays) {
  expect_golden("docs/reference/function.md", function_reference());
}

TEST(FunctionYaml, PrintsTheGoldenFile) {
  Function f;
  f.metadata = {"resize", "openfaas-fn", {{"team", "blue"}}, {{"example.com/note", "on"}}};
  f.spec.source = Source{"python3", "import sys\n\nprint(sys.stdin.read())\n",
                         Archive{"file:///srv/resize.tar", std::string(64, 'a')}};
  f.spec.offload.emplace().object = "not really ELF";
  f.spec.handler = {{"./resize", "--level", "80", "two words", ""}, Mode::kFork};
  f.spec.env = {{"QUALITY", "80"}, {"EMPTY", ""}};
  f.spec.timeouts.exec = std::chrono::seconds(90);
  const std::string text = print_function(f);
  expect_golden("api/types/function/testdata/everything.yaml", text);
  EXPECT_EQ(parse_function(text).value_or(Function{}), f);
}

}  // namespace
}  // namespace faisca::api
