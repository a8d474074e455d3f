#include "tests/conformance/suite.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include "lib/bpf/isa.h"
#include "lib/bpf/verifier.h"
#include "tests/conformance/test_file.h"

namespace faisca::conformance {
namespace {

constexpr std::uint8_t kOpCallRegister = 0x8d;

std::string hex(std::uint64_t value) {
  char buffer[24];
  std::snprintf(buffer, sizeof buffer, "0x%" PRIx64, value);
  return buffer;
}

bool uses_callx(const bpf::Program& program) {
  return std::any_of(program.slots.begin(), program.slots.end(),
                     [](std::uint64_t slot) { return bpf::decode(slot).opcode == kOpCallRegister; });
}

std::string fault_text(const model::Outcome& outcome) {
  return std::string(bpf::fault_name(outcome.fault)) + " at instruction " + std::to_string(outcome.fault_pc);
}

Judgement judge_refused(const TestFile& test, const Error& error) {
  if (test.expects_error) return {};
  return {Verdict::kFailed, "refused: " + error.text()};
}

}  // namespace

Result<std::vector<std::filesystem::path>> find_tests(const std::filesystem::path& directory) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  if (std::filesystem::is_regular_file(directory, error)) return std::vector{directory};
  std::filesystem::recursive_directory_iterator entries(directory, error), end;
  if (error) return fail(Code::kNotFound, "cannot read " + directory.string() + ": " + error.message());
  for (; entries != end; entries.increment(error))
    if (entries->is_regular_file(error) && entries->path().extension() == ".data")
      files.push_back(entries->path());
  if (files.empty()) return fail(Code::kNotFound, "no .data file below " + directory.string());
  std::sort(files.begin(), files.end());
  return files;
}

Judgement run_test(const std::string& text, Target& target) {
  auto test = parse_test_file(text);
  if (!test) return {Verdict::kFailed, test.error().text()};
  if (!test->skip.empty()) return {Verdict::kSkipped, test->skip};
  if (test->not_assembled) return judge_refused(*test, *test->not_assembled);
  if (!test->expects_error && uses_callx(test->program))
    return {Verdict::kSkipped, "calls through a register (callx) are not part of RFC 9669"};
  // Tests of the frame layout may reach over the top of their frame; the device's own checks remain.
  auto status = bpf::verify(test->program, {.limits = {}, .stack = bpf::StackRule::kDevice});
  if (!status) return judge_refused(*test, status.error());
  auto outcome = target.run(test->program, test->memory);
  if (!outcome) return {Verdict::kFailed, outcome.error().text()};
  if (!outcome->ok())
    return test->expects_error ? Judgement{} : Judgement{Verdict::kFailed, "fault: " + fault_text(*outcome)};
  if (!test->result) return {Verdict::kFailed, "an error is expected; R0 is " + hex(outcome->r0)};
  if (outcome->r0 == *test->result) return {};
  return {Verdict::kFailed, "R0 is " + hex(outcome->r0) + ", expected " + hex(*test->result)};
}

}  // namespace faisca::conformance
