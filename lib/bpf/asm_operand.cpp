#include "lib/bpf/asm_operand.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace faisca::bpf {
namespace {

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<RegisterOperand> parse_register(std::string_view text) {
  if (text.starts_with('%')) text.remove_prefix(1);
  if (text == "fp") return RegisterOperand{10, false};
  if (text.size() < 2 || text.size() > 3) return std::nullopt;
  char kind = static_cast<char>(std::tolower(static_cast<unsigned char>(text.front())));
  if (kind != 'r' && kind != 'w') return std::nullopt;
  unsigned number = 0;
  auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number > 15) return std::nullopt;
  return RegisterOperand{static_cast<std::uint8_t>(number), kind == 'w'};
}

std::optional<Number> parse_number(std::string_view text) {
  Number number{false, 0};
  if (text.starts_with('+') || text.starts_with('-')) {
    number.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  }
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number.magnitude, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (number.negative && number.magnitude > std::uint64_t{1} << 63) return std::nullopt;
  return number;
}

std::optional<std::int64_t> fit_field(Number number, int width) {
  std::uint64_t sign = std::uint64_t{1} << (width - 1);
  if (number.negative ? number.magnitude > sign : number.magnitude > 2 * sign - 1) return std::nullopt;
  std::uint64_t bits = number.bits() & (2 * sign - 1);
  return static_cast<std::int64_t>((bits ^ sign) - sign);
}

std::optional<MemoryOperand> parse_memory(std::string_view text) {
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return std::nullopt;
  text = text.substr(1, text.size() - 2);
  std::size_t sign = text.find_first_of("+-");
  auto base = parse_register(text.substr(0, sign));
  if (!base) return std::nullopt;
  if (sign == std::string_view::npos) return MemoryOperand{base->number, 0};
  std::string_view rest = text.substr(sign);
  // "[r1+-8]" means -8.
  if (rest.starts_with("+-")) rest.remove_prefix(1);
  auto number = parse_number(rest);
  auto offset = number ? fit_field(*number, 16) : std::nullopt;
  if (!offset) return std::nullopt;
  return MemoryOperand{base->number, static_cast<std::int16_t>(*offset)};
}

std::string_view strip_line(std::string_view line) {
  line = line.substr(0, line.find_first_of("#;"));
  line = line.substr(0, line.find("//"));
  return trim(line);
}

std::vector<std::string> split_operands(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  int depth = 0;
  auto finish = [&] {
    if (!word.empty()) words.push_back(std::move(word));
    word.clear();
  };
  for (char c : text) {
    if (c == '[' || c == '(') ++depth;
    if (c == ']' || c == ')') depth = std::max(0, depth - 1);
    bool separates = is_space(c) || (c == ',' && depth == 0);
    if (separates && depth == 0)
      finish();
    else if (!is_space(c))
      word += c;
  }
  finish();
  return words;
}

}  // namespace faisca::bpf
