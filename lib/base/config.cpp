#include "lib/base/config.h"

#include <yaml-cpp/yaml.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <iostream>
#include <limits>

#include "lib/base/duration.h"
#include "lib/base/files.h"
#include "lib/base/log.h"
#include "lib/base/nearest.h"
#include "lib/base/version.h"

namespace faisca {

struct Config::Entry {
  std::string name;
  Field field;
  std::string initial;
  std::function<Status(const std::string&)> parse;
  std::function<std::string()> print;
};

namespace {

Status check_range(int64_t value, int64_t min, int64_t max, const std::string& text) {
  if (value >= min && value <= max) return {};
  std::string bounds = "must be";
  if (min != INT64_MIN) bounds += " at least " + std::to_string(min);
  if (max != INT64_MAX)
    bounds += std::string(min != INT64_MIN ? " and" : "") + " at most " + std::to_string(max);
  return fail(Code::kInvalidArgument, "\"" + text + "\" " + bounds);
}

template <class T>
Status parse_integer(const std::string& text, T* target, int64_t min, int64_t max) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    return fail(Code::kInvalidArgument, "\"" + text + "\" is not a whole number");
  FAISCA_CHECK_OK(check_range(value, std::max<int64_t>(min, std::numeric_limits<T>::min()),
                              std::min<int64_t>(max, std::numeric_limits<T>::max()), text));
  *target = static_cast<T>(value);
  return {};
}

Status parse_bool(const std::string& text, bool* target) {
  for (const auto& [word, value] :
       {std::pair<const char*, bool>{"true", true}, {"1", true}, {"false", false}, {"0", false}})
    if (text == word) {
      *target = value;
      return {};
    }
  return fail(Code::kInvalidArgument, "\"" + text + "\" is neither true nor false");
}

std::string flag_name(std::string name) {
  std::replace(name.begin(), name.end(), '_', '-');
  return "--" + name;
}

std::string env_name(const std::string& name) {
  std::string out = "FAISCA_";
  for (const char c : name) out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return out;
}

std::string find_env(const char* const* environment, const std::string& name, bool& found) {
  const std::string prefix = name + "=";
  for (const char* const* entry = environment; entry && *entry; ++entry)
    if (std::string_view(*entry).starts_with(prefix)) {
      found = true;
      return std::string(*entry).substr(prefix.size());
    }
  found = false;
  return "";
}

}  // namespace

Config::Config(std::string binary, std::string summary)
    : binary_(std::move(binary)), summary_(std::move(summary)) {}
Config::~Config() = default;

void Config::add_entry(std::string name, Field field, std::string unit, std::string initial,
                       std::function<Status(const std::string&)> parse, std::function<std::string()> print) {
  if (field.unit.empty()) field.unit = std::move(unit);
  // Last, unless the field puts it in another place.
  if (std::find(field.env.begin(), field.env.end(), env_name(name)) == field.env.end())
    field.env.push_back(env_name(name));
  entries_.push_back(
      {std::move(name), std::move(field), std::move(initial), std::move(parse), std::move(print)});
}

void Config::add(std::string name, std::string* target, Field field) {
  add_entry(
      std::move(name), std::move(field), "text", *target,
      [target](const std::string& text) -> Status {
        *target = text;
        return {};
      },
      [target] { return *target; });
}
void Config::add(std::string name, int64_t* target, Field field) {
  const auto min = field.min, max = field.max;
  add_entry(
      std::move(name), std::move(field), "count", std::to_string(*target),
      [=](const std::string& text) { return parse_integer(text, target, min, max); },
      [target] { return std::to_string(*target); });
}
void Config::add(std::string name, int* target, Field field) {
  const auto min = field.min, max = field.max;
  add_entry(
      std::move(name), std::move(field), "count", std::to_string(*target),
      [=](const std::string& text) { return parse_integer(text, target, min, max); },
      [target] { return std::to_string(*target); });
}
void Config::add(std::string name, uint16_t* target, Field field) {
  const auto min = field.min, max = field.max;
  add_entry(
      std::move(name), std::move(field), "count", std::to_string(*target),
      [=](const std::string& text) { return parse_integer(text, target, min, max); },
      [target] { return std::to_string(*target); });
}
void Config::add(std::string name, bool* target, Field field) {
  add_entry(
      std::move(name), std::move(field), "true or false", *target ? "true" : "false",
      [target](const std::string& text) { return parse_bool(text, target); },
      [target] { return std::string(*target ? "true" : "false"); });
}
void Config::add(std::string name, std::chrono::nanoseconds* target, Field field) {
  const auto min = field.min, max = field.max;
  add_entry(
      std::move(name), std::move(field), "duration", format_duration(*target),
      [=](const std::string& text) -> Status {
        FAISCA_TRY(value, parse_duration(text));
        FAISCA_CHECK_OK(check_range(value.count(), min, max, text));
        *target = value;
        return {};
      },
      [target] { return format_duration(*target); });
}
void Config::add(std::string name, Bytes* target, Field field) {
  const auto min = field.min, max = field.max;
  add_entry(
      std::move(name), std::move(field), "bytes", format_bytes(target->count),
      [=](const std::string& text) -> Status {
        FAISCA_TRY(value, parse_bytes(text));
        FAISCA_CHECK_OK(check_range(static_cast<int64_t>(value), min, max, text));
        target->count = value;
        return {};
      },
      [target] { return format_bytes(target->count); });
}

Status Config::set(Entry& entry, const std::string& value, std::string_view where) {
  const auto& choices = entry.field.choices;
  if (!choices.empty() && std::find(choices.begin(), choices.end(), value) == choices.end()) {
    std::string all;
    for (const std::string& choice : choices) all += (all.empty() ? "" : ", ") + choice;
    return fail(Code::kInvalidArgument, std::string(where) + ": \"" + value + "\" is not one of the choices",
                "use one of " + all);
  }
  return entry.parse(value).map_error([&](Error error) {
    error.message = std::string(where) + ": " + error.message;
    return error;
  });
}

Result<Config::Action> Config::load(int argc, const char* const* argv, const char* const* environment) {
  CLI::App app(summary_, binary_);
  app.set_help_flag();
  bool wants_help = false, wants_version = false, wants_markdown = false;
  std::string file;
  app.add_flag("-h,--help", wants_help);
  app.add_flag("--version", wants_version);
  app.add_flag("--help-markdown", wants_markdown);
  app.add_option("--config", file);
  std::vector<std::string> flags(entries_.size());
  std::vector<CLI::Option*> options;
  for (size_t i = 0; i < entries_.size(); ++i)
    options.push_back(app.add_option(flag_name(entries_[i].name), flags[i]));
  try {
    app.parse(argc, const_cast<char**>(argv));
  } catch (const CLI::ParseError& error) {
    return fail(Code::kInvalidArgument, error.what(), binary_ + " --help lists every setting");
  }
  if (wants_help) std::cout << help();
  if (wants_markdown) std::cout << markdown();
  if (wants_version) std::cout << binary_ << " " << kVersion << "\n";
  if (wants_help || wants_version || wants_markdown) return Action::kExit;

  if (!file.empty()) {
    FAISCA_TRY(text, read_file(file));
    try {
      const YAML::Node root = YAML::Load(text);
      if (!root.IsMap() && !root.IsNull())
        return fail(Code::kInvalidArgument, file + ": must be a map of settings");
      for (const auto& pair : root) {
        const auto key = pair.first.as<std::string>();
        const auto entry =
            std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.name == key; });
        if (entry == entries_.end()) {
          std::vector<std::string> names;
          for (const Entry& e : entries_) names.push_back(e.name);
          return fail(Code::kInvalidArgument, file + ": unknown setting \"" + key + "\"",
                      "did you mean \"" + nearest(key, names) + "\"?");
        }
        FAISCA_CHECK_OK(set(*entry, pair.second.as<std::string>(), file + ": " + key));
      }
    } catch (const YAML::Exception& error) {
      return fail(Code::kInvalidArgument, file + ": " + error.what());
    }
  }
  for (Entry& entry : entries_)
    for (const std::string& name : entry.field.env) {
      bool found = false;
      const std::string value = find_env(environment, name, found);
      if (!found) continue;
      FAISCA_CHECK_OK(set(entry, value, name));
      break;
    }
  for (size_t i = 0; i < entries_.size(); ++i)
    if (options[i]->count() > 0) FAISCA_CHECK_OK(set(entries_[i], flags[i], flag_name(entries_[i].name)));
  return Action::kRun;
}

std::string Config::help() const {
  std::string out = summary_ + "\n\nUsage: " + binary_ + " [--config FILE] [SETTINGS]\n\nSettings:\n";
  for (const Entry& entry : entries_)
    out += "  " + flag_name(entry.name) + " (" + entry.field.unit + ", default " +
           (entry.initial.empty() ? "none" : entry.initial) + ")\n      " + entry.field.sentence + "\n";
  out +=
      "\nEach can stand in the file (as name_with_underscores) or in the environment (FAISCA_NAME); a flag "
      "is stronger.\n";
  return out;
}

std::string Config::markdown() const {
  std::string out = "## " + binary_ + "\n\n" + summary_ +
                    "\n\n| setting | environment | unit | default | meaning |\n|---|---|---|---|---|\n";
  for (const Entry& entry : entries_) {
    std::string names;
    for (const std::string& name : entry.field.env) names += (names.empty() ? "`" : ", `") + name + "`";
    out += "| `" + entry.name + "` | " + names + " | " + entry.field.unit + " | " +
           (entry.initial.empty() ? "–" : "`" + entry.initial + "`") + " | " + entry.field.sentence + " |\n";
  }
  return out + "\n";
}

std::string Config::effective() const {
  std::string out = "{";
  for (const Entry& entry : entries_) {
    const std::string value = entry.field.secret ? "***" : entry.print();
    out += (out.size() > 1 ? "," : "") + json_quote(entry.name) + ":" + json_quote(value);
  }
  return out + "}";
}

}  // namespace faisca
