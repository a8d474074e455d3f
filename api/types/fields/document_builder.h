// Puts the events of a YAML or JSON parser together to a Node, and refuses what parse_document promises to
// refuse. Internal to document*.cpp. After the first error every event is ignored.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "api/types/fields/document.h"

namespace faisca::api::internal {

class DocumentBuilder {
 public:
  void scalar(Node::Kind kind, std::string text, int line);
  void open(Node::Kind kind, int line);
  void key(std::string name, int line);
  void close();
  void refuse(int line, const std::string& what, std::string hint);

  // Is the next event of the open map a key?
  bool expects_key() const;
  bool failed() const { return failed_; }
  Result<Node> take();

 private:
  struct Frame {
    Node node;
    std::set<std::string> keys = {};
    std::string key = {};
    bool has_key = false;
  };
  bool count(int line);
  void add(Node node);

  std::vector<Frame> frames_;
  Node root_;
  bool complete_ = false;
  bool failed_ = false;
  std::size_t nodes_ = 0;
  Error error_;
};

bool is_utf8(std::string_view text);

Result<Node> parse_yaml(std::string_view text);
// Empty when `text` is not JSON.
Result<Node> parse_json(std::string_view text, bool& is_json);

}  // namespace faisca::api::internal
