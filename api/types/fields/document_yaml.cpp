#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>

#include "api/types/fields/document_builder.h"

namespace faisca::api::internal {
namespace {

int line_of(const YAML::Mark& mark) { return mark.line + 1; }

class Handler final : public YAML::EventHandler {
 public:
  explicit Handler(DocumentBuilder& builder) : builder_(builder) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1)
      builder_.refuse(line_of(mark), "a second document starts here",
                      "put one resource into a file, without \"---\" between");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    if (builder_.expects_key())
      return builder_.refuse(line_of(mark), "a key is empty", "write the field's name before the colon");
    builder_.scalar(Node::Kind::kNull, "", line_of(mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    builder_.refuse(line_of(mark), "aliases (*name) are not supported", "write the value out");
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    const bool quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    if (!quoted && !check_tag(mark, tag)) return;
    // yaml-cpp turns these two escapes into single bytes.
    if (!is_utf8(value))
      return builder_.refuse(line_of(mark), "the escapes \\N and \\_ are not supported",
                             "write \\u0085 and \\u00a0");
    builder_.scalar(quoted ? Node::Kind::kText : Node::Kind::kPlain, value, line_of(mark));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    if (check_tag(mark, tag)) builder_.open(Node::Kind::kList, line_of(mark));
  }
  void OnSequenceEnd() override { builder_.close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    if (check_tag(mark, tag)) builder_.open(Node::Kind::kMap, line_of(mark));
  }
  void OnMapEnd() override { builder_.close(); }

 private:
  bool check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?") return true;
    builder_.refuse(line_of(mark), "the tag " + tag + " is not supported", "remove it");
    return false;
  }

  DocumentBuilder& builder_;
  int documents_ = 0;
};

}  // namespace

Result<Node> parse_yaml(std::string_view text) {
  DocumentBuilder builder;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    Handler handler(builder);
    while (!builder.failed() && parser.HandleNextDocument(handler)) {
    }
  } catch (const YAML::Exception& error) {
    builder.refuse(error.mark.is_null() ? 0 : line_of(error.mark), "not valid YAML: " + error.msg,
                   "check indentation, colons and quotes around this line");
  }
  return builder.take();
}

}  // namespace faisca::api::internal
