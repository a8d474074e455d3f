#include "operator/webhook/review.h"

#include <nlohmann/json.hpp>
#include <span>

#include "api/types/function/validate.h"
#include "api/types/function/yaml.h"
#include "lib/bpf/object.h"
#include "lib/bpf/verifier.h"

namespace faisca::webhook {
namespace {

using Json = nlohmann::json;

constexpr char kApiVersion[] = "admission.k8s.io/v1";
constexpr char kField[] = "spec.offload.object.inline";
constexpr std::size_t kLargeObject = 256 * 1024;
constexpr std::size_t kLongestWarning = 250;  // the API server cuts what is longer

const Json& member(const Json& object, const char* name) {
  static const Json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(name);
  return found == object.end() ? kNothing : *found;
}

std::string text(const Json& value) { return value.is_string() ? value.get<std::string>() : ""; }

bool is_function(const Json& kind) {
  return text(member(kind, "group")) == "faisca.dev" && text(member(kind, "kind")) == api::kFunctionKind;
}

bool concerns_us(const Json& request) {
  const std::string operation = text(member(request, "operation"));
  if (operation != "CREATE" && operation != "UPDATE") return false;
  if (!is_function(member(request, "kind"))) return false;
  const Json& object = member(request, "object");
  const Json& offload = member(member(object, "spec"), "offload");
  if (offload.is_null()) return false;
  if (!member(member(object, "metadata"), "deletionTimestamp").is_null()) return false;
  return offload != member(member(member(request, "oldObject"), "spec"), "offload");
}

bpf::Convention convention_of(api::Convention convention) {
  return convention == api::Convention::kXdp ? bpf::Convention::kXdp : bpf::Convention::kMem;
}

Result<bpf::Object> load(const api::Offload& offload) {
  if (offload.object.size() > bpf::kMaxObjectBytes)
    return fail(Code::kOutOfRange,
                std::to_string(offload.object.size()) + " bytes are more than " +
                    std::to_string(bpf::kMaxObjectBytes),
                "strip it: llvm-strip -g FILE.o");
  return bpf::load_object(
      std::span(reinterpret_cast<const std::uint8_t*>(offload.object.data()), offload.object.size()));
}

Status verify(const bpf::Object& object, const api::Offload& offload) {
  FAISCA_TRY(program, bpf::link(object, {.program = offload.program,
                                         .convention = convention_of(offload.convention)}));
  return bpf::verify(program);
}

std::vector<std::string> warnings_of(const bpf::Object& object, const api::Offload& offload) {
  std::vector<std::string> warnings;
  if (offload.object.size() > kLargeObject)
    warnings.push_back(std::string(kField) + ": the object has " + std::to_string(offload.object.size()) +
                       " bytes; llvm-strip -g takes its debug information away");
  for (const bpf::ObjectProgram& program : object.programs) {
    const bool entered = offload.program.empty() || offload.program == program.name;
    if (entered && program.convention == bpf::Convention::kXdp && offload.convention == api::Convention::kMem)
      warnings.push_back("spec.offload.convention: " + program.name + " is in section " + program.section +
                         " but is called by mem: R1 will not be a struct xdp_md");
  }
  for (std::string& warning : warnings) warning.resize(std::min(warning.size(), kLongestWarning));
  return warnings;
}

Judgement judge_object(const Json& object) {
  const auto function = api::parse_function(object.dump(-1, ' ', false, Json::error_handler_t::replace),
                                            api::UnknownFields::kIgnore);
  if (!function) return {fail(function.error()), {}};
  return judge(*function);
}

std::string answer(const std::string& uid, const Judgement& judgement) {
  Json response = {{"uid", uid}, {"allowed", judgement.allowed.has_value()}};
  if (!judgement.allowed)
    response["status"] = {{"status", "Failure"},
                          {"code", 422},
                          {"reason", "Invalid"},
                          {"message", judgement.allowed.error().text()}};
  if (!judgement.warnings.empty()) response["warnings"] = judgement.warnings;
  const Json whole = {
      {"apiVersion", kApiVersion}, {"kind", "AdmissionReview"}, {"response", std::move(response)}};
  return whole.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

Judgement judge(const api::Function& function) {
  if (Status valid = api::validate(function); !valid) return {std::move(valid), {}};
  if (!function.spec.offload) return {};
  const api::Offload& offload = *function.spec.offload;
  const auto named = [](Error error) {
    error.message = std::string(kField) + ": " + error.message;
    return error;
  };
  auto object = load(offload);
  if (!object) return {fail(named(std::move(object).error())), {}};
  if (Status verified = verify(*object, offload); !verified)
    return {fail(named(std::move(verified).error())), {}};
  return {Status(), warnings_of(*object, offload)};
}

Result<std::string> review(std::string_view body) {
  if (body.size() > kMaxReview)
    return fail(Code::kOutOfRange, "the review has " + std::to_string(body.size()) + " bytes, more than " +
                                       std::to_string(kMaxReview));
  const Json json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) return fail(Code::kInvalidArgument, "the body is not JSON");
  if (text(member(json, "kind")) != "AdmissionReview" || text(member(json, "apiVersion")) != kApiVersion)
    return fail(Code::kInvalidArgument, "the body is no AdmissionReview of " + std::string(kApiVersion),
                "set admissionReviewVersions: [v1] in the webhook's configuration");
  const Json& request = member(json, "request");
  const std::string uid = text(member(request, "uid"));
  if (uid.empty()) return fail(Code::kInvalidArgument, "the AdmissionReview's request has no uid");
  if (!concerns_us(request)) return answer(uid, {});
  return answer(uid, judge_object(member(request, "object")));
}

}  // namespace faisca::webhook
