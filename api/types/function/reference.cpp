#include "api/types/function/reference.h"

#include <chrono>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "api/types/function/mapping.h"
#include "lib/base/duration.h"

namespace faisca::api {
namespace {

// An Io (mapping.h) that writes one row of the table for each field; the default is the value of a new
// object.
class Rows {
 public:
  Rows(std::string prefix, std::string& out) : prefix_(std::move(prefix)), out_(out) {}

  void text(std::string_view name, const std::string& value, std::string_view sentence, const Limits& = {}) {
    row(name, "text", value, sentence);
  }
  template <class T>
  void integer(std::string_view name, T value, std::string_view sentence, const Limits& = {}) {
    row(name, "whole number", std::to_string(value), sentence);
  }
  void duration(std::string_view name, std::chrono::nanoseconds value, std::string_view sentence,
                const Limits& = {}) {
    row(name, "duration", format_duration(value), sentence);
  }
  void bytes(std::string_view name, uint64_t value, std::string_view sentence, const Limits& = {}) {
    row(name, "quantity of bytes", format_bytes(value), sentence);
  }
  void base64(std::string_view name, const std::string&, std::string_view sentence, const Limits& = {}) {
    row(name, "base64", "", sentence);
  }
  void boolean(std::string_view name, bool value, std::string_view sentence) {
    row(name, "true or false", value ? "true" : "false", sentence);
  }
  template <class T>
  void optional_integer(std::string_view name, const std::optional<T>&, std::string_view sentence,
                        const Limits& = {}) {
    row(name, "whole number", "", sentence);
  }
  void quantities(std::string_view name, const std::map<std::string, std::string>&,
                  std::string_view sentence) {
    row(name, "map of quantities", "", sentence);
  }
  void foreign(std::string_view name, const std::string&, std::string_view sentence) {
    row(name, "object", "", sentence);
  }
  void integer_list(std::string_view name, const std::vector<int>&, std::string_view sentence,
                    const Limits& = {}) {
    row(name, "list of whole numbers", "", sentence);
  }
  void rule(const char*, const char*) {}
  void ignored(const char*) {}
  void text_list(std::string_view name, const std::vector<std::string>&, std::string_view sentence,
                 const Limits& = {}) {
    row(name, "list of text", "", sentence);
  }
  void text_map(std::string_view name, const std::map<std::string, std::string>&, std::string_view sentence,
                const Limits& = {}) {
    row(name, "map of text", "", sentence);
  }
  template <class Enum, class Table>
  void choice(std::string_view name, Enum value, const Table& table, std::string_view sentence,
              const Limits& = {}) {
    std::string words, initial;
    for (const auto& [word, meaning] : table) {
      words += (words.empty() ? "" : ", ") + std::string(word);
      if (meaning == value) initial = word;
    }
    row(name, "one of " + words, initial, sentence);
  }
  template <class T, class Fields>
  void object(std::string_view name, T& value, const Fields& fields, std::string_view sentence,
              const Limits& = {}) {
    row(name, "object", "", sentence);
    nest(std::string(name) + ".", value, fields);
  }
  template <class T, class Fields>
  void optional(std::string_view name, std::optional<T>&, const Fields& fields, std::string_view sentence,
                const Limits& = {}) {
    row(name, "object", "", sentence);
    T value{};
    nest(std::string(name) + ".", value, fields);
  }
  template <class T, class Fields>
  void list(std::string_view name, std::vector<T>&, const Fields& fields, std::string_view sentence,
            const Limits& = {}) {
    row(name, "list of objects", "", sentence);
    T value{};
    nest(std::string(name) + "[].", value, fields);
  }

 private:
  template <class T, class Fields>
  void nest(const std::string& suffix, T& value, const Fields& fields) {
    Rows rows(prefix_ + suffix, out_);
    fields(rows, value);
  }
  void row(std::string_view name, const std::string& type, const std::string& initial,
           std::string_view sentence) {
    out_ += "| `" + prefix_ + std::string(name) + "` | " + type + " | " +
            (initial.empty() ? "–" : "`" + initial + "`") + " | " + std::string(sentence) + " |\n";
  }

  std::string prefix_;
  std::string& out_;
};

}  // namespace

std::string function_reference() {
  std::string out =
      "# Function\n\n"
      "*What a user deploys. The embedded platform reads it from a file, the operator from the API server. "
      "This page is made from\n"
      "the code (`api/types/function/mapping.h`); a test compares the two.*\n\n"
      "```yaml\n"
      "apiVersion: faisca.dev/v1alpha1\n"
      "kind: Function\n"
      "metadata: {name: greet}\n"
      "spec:\n"
      "  source:\n"
      "    runtime: python3\n"
      "    inline: |\n"
      "      import sys\n"
      "      print(\"Hello, \" + sys.stdin.read())\n"
      "```\n\n"
      "Unknown fields, duplicate keys and aliases are errors that name the line. Durations are Go's "
      "(`1m30s`) or seconds,\n"
      "quantities are Kubernetes' (`10Mi`). JSON is read as well.\n\n"
      "| field | type | default | meaning |\n|---|---|---|---|\n";
  Function function;
  Rows rows("", out);
  internal::kFunctionFields(rows, function);
  return out;
}

}  // namespace faisca::api
