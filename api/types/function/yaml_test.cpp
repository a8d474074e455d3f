#include "api/types/function/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/base64.h"

namespace faisca::api {
namespace {

using testing::HasSubstr;

constexpr char kHead[] = "apiVersion: faisca.dev/v1alpha1\nkind: Function\n";

std::string error_of(const std::string& text) {
  const auto function = parse_function(text);
  return function ? "no error" : function.error().text();
}

Function everything() {
  Function f;
  f.metadata = {"resize",
                "pictures",
                {{"team", "blue"}, {"app.kubernetes.io/part-of", "shop"}},
                {{"note", "yes"}, {"empty", ""}}};
  f.spec.source = Source{"python3", "def handle(event):\n\n    return \"ä ☃ \\n\"\n",
                         Archive{"file:///a b.tar", std::string(64, '0')}};
  f.spec.offload = Offload{Convention::kXdp,
                           std::string("\x7f"
                                       "ELF\0\xff",
                                       6),
                           "count_packets", OffloadOutput::kHex16, 77};
  f.spec.image = "registry.example:5000/resize@sha256:12";
  f.spec.handler = {{"./resize", "--level", "80", "", "- x", "a: b", "#c", "true", "multi\nline", " lead",
                     "tab\tend\t", "'q'"},
                    Mode::kHttp};
  f.spec.env = {{"QUALITY", "80"}, {"EMPTY", ""}, {"YES", "yes"}, {"DOLLAR", "$x {y} [z] & *"}};
  f.spec.timeouts = {std::chrono::milliseconds(1500), std::chrono::minutes(90), std::chrono::nanoseconds(1)};
  f.spec.concurrency.per_instance = 0;
  f.spec.scale = {0, 7};
  f.spec.max_body_bytes = 12345;
  return f;
}

TEST(FunctionYaml, ReadsEveryField) {
  const auto f = parse_function(std::string(kHead) + R"(
metadata: {name: resize, namespace: shop, labels: {a: b}, annotations: {c: "1"}}
spec:
  image: registry.example/resize:1
  handler: {command: [./resize, -v], mode: streaming}
  env: [{name: QUALITY, value: "80"}, {name: NOTHING}]
  timeouts: {exec: 1m30s, read: 250ms, write: 5}
  concurrency: {perInstance: 3}
  scale: {min: 0, max: 4}
  maxBodyBytes: 64Ki
status: {replicas: 2}
)");
  ASSERT_TRUE(f) << f.error().text();
  EXPECT_EQ(f->metadata.name, "resize");
  EXPECT_EQ(f->metadata.name_space, "shop");
  EXPECT_EQ(f->metadata.labels.at("a"), "b");
  EXPECT_EQ(f->metadata.annotations.at("c"), "1");
  EXPECT_EQ(f->spec.image, "registry.example/resize:1");
  EXPECT_EQ(f->spec.handler.command, (std::vector<std::string>{"./resize", "-v"}));
  EXPECT_EQ(f->spec.handler.mode, Mode::kStreaming);
  EXPECT_EQ(f->spec.env, (std::vector<EnvVar>{{"QUALITY", "80"}, {"NOTHING", ""}}));
  EXPECT_EQ(f->spec.timeouts.exec, std::chrono::seconds(90));
  EXPECT_EQ(f->spec.timeouts.read, std::chrono::milliseconds(250));
  EXPECT_EQ(f->spec.timeouts.write, std::chrono::seconds(5));
  EXPECT_EQ(f->spec.concurrency.per_instance, 3);
  EXPECT_EQ(f->spec.scale, (Scale{0, 4}));
  EXPECT_EQ(f->spec.max_body_bytes, 65536u);
}

TEST(FunctionYaml, LeavesDefaultsWhereFieldsAreAbsentOrNull) {
  const auto f =
      parse_function(std::string(kHead) + "metadata: {name: x}\nspec: {scale: ~, timeouts: {exec: }}\n");
  ASSERT_TRUE(f) << f.error().text();
  Function expected;
  expected.metadata.name = "x";
  EXPECT_EQ(*f, expected);
}

TEST(FunctionYaml, ReadsBackWhatItPrints) {
  const Function f = everything();
  const std::string text = print_function(f);
  const auto back = parse_function(text);
  ASSERT_TRUE(back) << back.error().text() << "\n" << text;
  EXPECT_EQ(*back, f) << text;
  EXPECT_EQ(print_function(*back), text);
}

TEST(FunctionYaml, ReadsBackWhatItPrintsAsJson) {
  const Function f = everything();
  const auto back = parse_function(print_function_json(f));
  ASSERT_TRUE(back) << back.error().text() << "\n" << print_function_json(f);
  EXPECT_EQ(*back, f);
}

TEST(FunctionYaml, ReadsJsonWithTabsAndSurrogatePairs) {
  const auto f = parse_function(
      "{\n\t\"apiVersion\": \"faisca.dev/v1alpha1\",\n\t\"kind\": \"Function\",\n\t\"metadata\": {\"name\": "
      "\"x\"},\n"
      "\t\"spec\": {\"env\": [{\"name\": \"A\", \"value\": \"\\ud83d\\ude00\\/\"}]}\n}\n");
  ASSERT_TRUE(f) << f.error().text();
  EXPECT_EQ(f->spec.env.at(0).value, "\xf0\x9f\x98\x80/");
}

TEST(FunctionYaml, PrintsTextsSoThatTheyReadBack) {
  for (const std::string& text : {"plain",    "two words",
                                  "a:b",      "a: b",
                                  "a #b",     "-x",
                                  "null",     "~",
                                  "Yes",      "OFF",
                                  "n",        "1e3",
                                  "0x1f",     ".5",
                                  ".inf",     "-.inf",
                                  "1_000",    "2001-01-01",
                                  "line\n",   "line\nline",
                                  "line\n\n", "\nline",
                                  " x\ny",    "x \ny",
                                  "\ttab\nx", "x\r\ny",
                                  "\x01\x1b", "\x7f",
                                  "é",        "\"",
                                  "\\",       "'",
                                  "%",        "@x",
                                  "`",        "|",
                                  ">",        "&a",
                                  "*a",       "!t",
                                  "{",        "[",
                                  ",",        "?",
                                  "---",      "...",
                                  "--- x",    "<<",
                                  "=",        "a\n---\nb",
                                  "a\n#b\n",  "\xe2\x80\xa8",
                                  "\xc2\x85", "\xef\xbb\xbf",
                                  "key:",     "http://x:80/y?z=1#f"}) {
    Function f;
    f.metadata.name = "x";
    f.metadata.annotations[text] = text;
    f.spec.handler.command = {text};
    f.spec.source = Source{"bash", text, {}};
    const auto back = parse_function(print_function(f));
    ASSERT_TRUE(back) << back.error().text() << "\n" << print_function(f);
    EXPECT_EQ(*back, f) << print_function(f);
  }
}

TEST(FunctionYaml, RefusesWhatItDoesNotUnderstand) {
  struct Row {
    std::string text;
    std::string error;
  };
  const std::string h = kHead;
  const Row kRows[] = {
      {"", "the text is empty"},
      {"# only a comment\n", "the text is empty"},
      {"just text", "not a map of fields"},
      {"[1, 2]", "not a map of fields"},
      {"kind: Function\n", "apiVersion: it is missing; hint: write apiVersion: faisca.dev/v1alpha1"},
      {"apiVersion: v1\nkind: Pod\n",
       "line 1: apiVersion: \"v1\" is not known; hint: write apiVersion: faisca.dev/v1alpha1"},
      {h + "metadata: {nmae: x}", "line 3: metadata.nmae: unknown field; hint: did you mean \"name\"?"},
      {h + "spec:\n  scale:\n    min: 1\n    maxx: 2\n",
       "line 6: spec.scale.maxx: unknown field; hint: did you mean \"max\"?"},
      {h + "spec:\n  env:\n  - {name: A, val: b}\n",
       "line 5: spec.env[0].val: unknown field; hint: did you mean \"value\"?"},
      {h + "spec: {timeouts: {exec: 30 sec}}",
       "line 3: spec.timeouts.exec: \"30 sec\" is not a duration; hint: write it like 30s"},
      {h + "spec: {maxBodyBytes: 10MiB}", "spec.maxBodyBytes: \"10MiB\" is not a size in bytes"},
      {h + "spec: {scale: {min: one}}", "spec.scale.min: \"one\" is not a whole number"},
      {h + "spec: {scale: {min: \"1\"}}",
       "\"1\" is text where a whole number is needed; hint: remove the quotes"},
      {h + "spec: {scale: {max: 99999999999}}", "99999999999 is out of range"},
      {h + "spec: {scale: {max: 1.5}}", "\"1.5\" is not a whole number"},
      {h + "spec: {scale: [1]}", "spec.scale: a list stands where a map of fields is needed"},
      {h + "spec: {env: {a: b}}", "spec.env: a map stands where a list is needed"},
      {h + "spec: {env: [a]}", "spec.env[0]: \"a\" stands where a map of fields is needed"},
      {h + "spec: {env: [{name: A, value: 80}]}",
       "spec.env[0].value: 80 is not text; hint: put it in quotes: \"80\""},
      {h + "metadata: {labels: {a: true}}", "metadata.labels.a: true is not text"},
      {h + "spec: {handler: {mode: forked}}",
       "spec.handler.mode: \"forked\" is not one of its choices; hint: use one of fork, http, streaming, "
       "serializing, static"},
      {h + "spec: {offload: {object: {inline: \"x!\"}}}", "spec.offload.object.inline: byte 1 is not base64"},
      {h + "spec: {image: a}\nspec: {image: b}\n",
       "line 4: the key \"spec\" stands here for the second time"},
      {h + "---\n" + h, "a second document starts here"},
      {h + "spec: &a {image: x}\nmetadata: *a\n", "aliases (*name) are not supported"},
      {h + "spec: !!set {a: b}\n", "is not supported; hint: remove it"},
      {h + "spec: {image: [}\n", "line 3: not valid YAML"},
      {h + "metadata:\n\tname: x\n", "line 4: not valid YAML"},
      {h + "metadata: {name: \"\xff\"}", "line 3: byte"},
      {h + "metadata: {name: \"\xed\xa0\x80\"}", "is not UTF-8"},
      {h + std::string("metadata: {name: a\0b}", 21), "control character 0"},
      {h + "metadata: {name: \"a\\_b\"}", "the escapes \\N and \\_ are not supported; hint: write \\u0085"},
      {h + "? [a, b]\n: c\n", "a key must be text"},
      {h + ": c\n", "a key is empty"},
      {h + "spec: " + std::string(100, '[') + std::string(100, ']'), "nested more than 64 levels deep"},
      {h + "spec: " + std::string(100000, '['), "line 3: "},
      {"{\"apiVersion\": \"faisca.dev/v1alpha1\", \"kind\": \"Function\", \"spec\": {\"imag\": 1}}",
       "spec.imag: unknown field"},
      {"{\"a\": 1, \"a\": 2}", "the key \"a\" stands here for the second time"},
  };
  for (const Row& row : kRows)
    EXPECT_THAT(error_of(row.text), HasSubstr(row.error)) << row.text.substr(0, 200);
}

TEST(FunctionYaml, RefusesTheBillionLaughs) {
  std::string text = std::string(kHead) + "a0: &a0 [lol, lol]\n";
  for (int i = 1; i < 30; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " + before + "]\n";
  }
  EXPECT_THAT(error_of(text), HasSubstr("line 4: aliases (*name) are not supported"));
}

TEST(FunctionYaml, RefusesTooMuch) {
  EXPECT_THAT(error_of(std::string(kMaxFunctionText + 1, 'x')), HasSubstr("more than 8Mi"));
  std::string many = std::string(kHead) + "spec: [";
  for (int i = 0; i < 100'001; ++i) many += "a,";
  EXPECT_THAT(error_of(many + "]"), HasSubstr("more than 100000 values"));
}

TEST(FunctionYaml, TakesALargeObject) {
  Function f;
  f.metadata.name = "x";
  f.spec.offload.emplace().object = std::string(4u << 20, '\x7f');
  const auto back = parse_function(print_function(f));
  ASSERT_TRUE(back) << back.error().text();
  EXPECT_TRUE(*back == f);
}

}  // namespace
}  // namespace faisca::api
