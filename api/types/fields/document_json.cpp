#include <nlohmann/json.hpp>

#include "api/types/fields/document_builder.h"

namespace faisca::api::internal {
namespace {

// Returning false from an event ends the parse.
class Handler final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Handler(DocumentBuilder& builder) : builder_(builder) {}

  bool null() override { return scalar(Node::Kind::kNull, ""); }
  bool boolean(bool value) override { return scalar(Node::Kind::kPlain, value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override {
    return scalar(Node::Kind::kPlain, std::to_string(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return scalar(Node::Kind::kPlain, std::to_string(value));
  }
  bool number_float(number_float_t, const string_t& text) override {
    return scalar(Node::Kind::kPlain, text);
  }
  bool string(string_t& value) override { return scalar(Node::Kind::kText, std::move(value)); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(Node::Kind::kMap); }
  bool key(string_t& name) override {
    builder_.key(std::move(name), 0);
    return !builder_.failed();
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Node::Kind::kList); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }

 private:
  bool scalar(Node::Kind kind, std::string text) {
    builder_.scalar(kind, std::move(text), 0);
    return !builder_.failed();
  }
  bool open(Node::Kind kind) {
    builder_.open(kind, 0);
    return !builder_.failed();
  }
  bool close() {
    builder_.close();
    return !builder_.failed();
  }

  DocumentBuilder& builder_;
};

}  // namespace

Result<Node> parse_json(std::string_view text, bool& is_json) {
  DocumentBuilder builder;
  Handler handler(builder);
  const bool parsed = nlohmann::json::sax_parse(text, &handler);
  is_json = parsed || builder.failed();
  return builder.take();
}

}  // namespace faisca::api::internal
