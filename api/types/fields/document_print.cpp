#include <algorithm>
#include <array>
#include <cctype>

#include "api/types/fields/document.h"
#include "lib/base/log.h"

namespace faisca::api {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void skip_digits(std::string_view& text) {
  while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
}

// Characters that mean nothing to YAML inside an unquoted text.
bool is_safe(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("_./+=,~^-@%() ").find(c) != std::string_view::npos;
}

bool plain_is_safe(std::string_view text) {
  if (text.empty() || text.back() == ' ' || text.back() == ':' || looks_special(text)) return false;
  if (!std::isalnum(static_cast<unsigned char>(text[0])) && text[0] != '/' && text[0] != '_' &&
      text[0] != '.')
    return false;
  for (size_t i = 0; i < text.size(); ++i)
    if (!is_safe(text[i]) && !(text[i] == ':' && text[i + 1] != ' ')) return false;
  return true;
}

// A literal block ("|") keeps such a text as it is.
bool literal_is_safe(std::string_view text) {
  const size_t lines = static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  if (lines == 0 || text[0] == ' ' || text[0] == '\n' || text[0] == '\t' || text.ends_with("\n\n"))
    return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' && i > 0 && (text[i - 1] == ' ' || text[i - 1] == '\t')) return false;
    if (c != '\n' && c != '\t' && (c < 0x20 || c > 0x7e)) return false;
  }
  return text.back() != ' ' && text.back() != '\t';
}

std::string scalar(const Node& node) {
  if (node.kind == Node::Kind::kNull) return "null";
  if (node.kind == Node::Kind::kPlain || plain_is_safe(node.text)) return node.text;
  return json_quote(node.text);
}

void print_block(const Node& node, size_t indent, std::string& out);

// What follows "key:" or "-".
void print_value(const Node& node, size_t indent, std::string& out) {
  if (node.kind == Node::Kind::kMap && !node.entries.empty()) {
    out += "\n";
    return print_block(node, indent, out);
  }
  if (node.kind == Node::Kind::kList && !node.items.empty()) {
    out += "\n";
    return print_block(node, indent, out);
  }
  if (node.kind == Node::Kind::kMap) {
    out += " {}\n";
  } else if (node.kind == Node::Kind::kList) {
    out += " []\n";
  } else if (node.kind == Node::Kind::kText && literal_is_safe(node.text)) {
    std::string_view rest = node.text;
    out += rest.back() == '\n' ? " |\n" : " |-\n";
    while (!rest.empty()) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      if (!line.empty()) out.append(indent, ' ').append(line);
      out += "\n";
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    }
  } else {
    out += " " + scalar(node) + "\n";
  }
}

void print_block(const Node& node, size_t indent, std::string& out) {
  if (node.kind == Node::Kind::kMap) {
    for (const auto& [key, value] : node.entries) {
      out.append(indent, ' ').append(plain_is_safe(key) ? key : json_quote(key)).append(":");
      print_value(value, indent + 2, out);
    }
    return;
  }
  for (const Node& item : node.items) {
    if (item.kind == Node::Kind::kMap && !item.entries.empty()) {
      // The first entry stands on the line of the dash.
      const size_t start = out.size();
      print_block(item, indent + 2, out);
      out[start + indent] = '-';
    } else {
      out.append(indent, ' ').append("-");
      print_value(item, indent + 2, out);
    }
  }
}

}  // namespace

bool looks_like_number(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text == ".inf" || text == ".Inf" || text == ".INF" || text == ".nan" || text == ".NaN" ||
      text == ".NAN")
    return true;
  if (text.starts_with("0x") || text.starts_with("0o"))
    return text.size() > 2 &&
           std::all_of(text.begin() + 2, text.end(), [](unsigned char c) { return std::isxdigit(c); });
  const size_t before = text.size();
  skip_digits(text);
  bool digits = text.size() < before;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const size_t fraction = text.size();
    skip_digits(text);
    digits = digits || text.size() < fraction;
  }
  if (!digits) return false;
  if (text.empty()) return true;
  if (text[0] != 'e' && text[0] != 'E') return false;
  text.remove_prefix(1);
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text.empty()) return false;
  skip_digits(text);
  return text.empty();
}

bool looks_special(std::string_view text) {
  static constexpr std::array<std::string_view, 10> kWords = {"null", "true", "false", "yes", "no",
                                                              "on",   "off",  "y",     "n",   "~"};
  std::string lower;
  for (const char c : text.substr(0, 8))
    lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text.empty() || looks_like_number(text) ||
         std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
}

std::string print_yaml(const Node& node) {
  std::string out;
  if (node.entries.empty() && node.items.empty()) {
    print_value(node, 0, out);
    return out.substr(1);
  }
  print_block(node, 0, out);
  return out;
}

std::string print_json(const Node& node) {
  std::string out;
  switch (node.kind) {
    case Node::Kind::kNull:
      return "null";
    case Node::Kind::kPlain:
      return node.text;
    case Node::Kind::kText:
      return json_quote(node.text);
    case Node::Kind::kList:
      for (const Node& item : node.items) out += (out.empty() ? "" : ",") + print_json(item);
      return "[" + out + "]";
    case Node::Kind::kMap:
      for (const auto& [key, value] : node.entries)
        out += (out.empty() ? "" : ",") + json_quote(key) + ":" + print_json(value);
      return "{" + out + "}";
  }
  return out;
}

}  // namespace faisca::api
