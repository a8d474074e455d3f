#include "api/types/crd/crd.h"

#include "api/types/crd/definition.h"
#include "api/types/crd/schema.h"
#include "api/types/function/mapping.h"
#include "api/types/function/status_mapping.h"
#include "api/types/offload_device/mapping.h"
#include "api/types/offload_program/mapping.h"
#include "api/types/runtime/mapping.h"

namespace faisca::api {
namespace {

using internal::Definition;

constexpr char kLabelMessage[] = "the name must be 1 to 63 of a-z, 0-9 and '-', neither first nor last a '-'";
constexpr char kReadyPath[] = ".status.conditions[?(@.type==\"Ready\")].status";
constexpr char kReasonPath[] = ".status.conditions[?(@.type==\"Ready\")].reason";
constexpr char kMessagePath[] = ".status.conditions[?(@.type==\"Ready\")].message";
constexpr char kAgePath[] = ".metadata.creationTimestamp";

template <class T, class Fields>
Node schema_of(const char* sentence, internal::Defaults defaults, const Fields& fields) {
  T value{};
  internal::Schema schema(sentence, defaults);
  fields(schema, value);
  return schema.take();
}

template <class Spec, class Fields>
Node spec_schema(const Fields& fields) {
  return schema_of<Spec>("What is wanted", internal::Defaults::kWritten, fields);
}
template <class Status, class Fields>
Node status_schema(const Fields& fields) {
  return schema_of<Status>("What is there", internal::Defaults::kNone, fields);
}

std::string function_crd() {
  const Definition definition{
      .kind = "Function",
      .plural = "functions",
      .singular = "function",
      .short_names = {"fn"},
      .sentence = "Code that answers HTTP through the gateway, or packets on a device.",
      .scale = true,
      .columns = {{"Ready", "string", kReadyPath, "Whether requests are answered"},
                  {"Replicas", "integer", ".status.readyReplicas", "Instances that are ready"},
                  {"Runtime", "string", ".status.runtime", "What runs"},
                  {"URL", "string", ".status.url", "Where the gateway serves it"},
                  {"Reason", "string", ".status.reason", "Why it is not ready"},
                  {"Age", "date", kAgePath, "Since it was created"},
                  {"Image", "string", ".spec.image", "Container image", 1},
                  {"Device", "string", ".status.offload.device", "Device of an offloaded program", 1},
                  {"Message", "string", kMessagePath, "Why, in words", 1}},
      .name_pattern = kServicePattern,
      .name_message =
          "the name must be 1 to 63 of a-z, 0-9 and '-', beginning with a letter and not ending with a "
          "'-': a Service has the same name"};
  return print_definition(definition, spec_schema<FunctionSpec>(internal::kSpecFields),
                          status_schema<FunctionStatus>(internal::kStatusFields));
}

std::string runtime_crd() {
  const Definition definition{
      .kind = "Runtime",
      .plural = "runtimes",
      .singular = "runtime",
      .short_names = {"fnrt"},
      .sentence = "A prepared environment for functions with source, without an image build.",
      .namespaced = false,
      .columns = {{"Image", "string", ".spec.image", "Container image"},
                  {"File", "string", ".spec.file", "What inline code is called"},
                  {"Age", "date", kAgePath, "Since it was created"}},
      .name_pattern = kLabelPattern,
      .name_message = kLabelMessage};
  return print_definition(definition, spec_schema<RuntimeSpec>(internal::kRuntimeSpecFields), {});
}

std::string device_crd() {
  const Definition definition{
      .kind = "OffloadDevice",
      .plural = "offloaddevices",
      .singular = "offloaddevice",
      .short_names = {"fndev"},
      .sentence = "A device that runs eBPF programs: a board, or its simulation.",
      .namespaced = false,
      .columns = {{"Node", "string", ".spec.node", "Node that it is in"},
                  {"Ready", "string", kReadyPath, "Whether it runs programs"},
                  {"Medium", "string", ".spec.medium", "Simulated, or a board"},
                  {"Engines", "integer", ".status.engines", "eBPF processors"},
                  {"Ports", "string", ".status.ports", "Network ports"},
                  {"Heartbeat", "date", ".status.lastHeartbeat", "When the agent was last seen well"},
                  {"Age", "date", kAgePath, "Since it was announced"},
                  {"Slots", "integer", ".status.slots", "Functions that may be placed on it", 1},
                  {"Clock", "integer", ".status.clockHz", "Clock of the pipeline in Hz", 1},
                  {"Reason", "string", kReasonPath, "Why it is not ready", 1}},
      .name_pattern = kLabelPattern,
      .name_message = kLabelMessage};
  return print_definition(definition, spec_schema<OffloadDeviceSpec>(internal::kDeviceSpecFields),
                          status_schema<OffloadDeviceStatus>(internal::kDeviceStatusFields));
}

std::string program_crd() {
  const Definition definition{
      .kind = "OffloadProgram",
      .plural = "offloadprograms",
      .singular = "offloadprogram",
      .short_names = {"fnprog"},
      .sentence = "An eBPF program that is meant to be on a device; a child of a Function.",
      .columns = {{"Function", "string", ".spec.functionRef.name", "Whose program it is"},
                  {"Device", "string", ".status.device", "Device that holds it"},
                  {"Ready", "string", kReadyPath, "Whether it is on its ports"},
                  {"Ports", "string", ".status.ports", "Ports where packets enter it"},
                  {"Packets", "integer", ".status.counters.packets", "Packets that entered it"},
                  {"Age", "date", kAgePath, "Since it was created"},
                  {"Reason", "string", kReasonPath, "Why it is not ready", 1},
                  {"Message", "string", kMessagePath, "Why, in words", 1}},
      .name_pattern = kLabelPattern,
      .name_message = kLabelMessage};
  return print_definition(definition, spec_schema<OffloadProgramSpec>(internal::kProgramSpecFields),
                          status_schema<OffloadProgramStatus>(internal::kProgramStatusFields));
}

}  // namespace

std::vector<CrdFile> crd_files() {
  return {{"faisca.dev_functions.yaml", function_crd()},
          {"faisca.dev_runtimes.yaml", runtime_crd()},
          {"faisca.dev_offloaddevices.yaml", device_crd()},
          {"faisca.dev_offloadprograms.yaml", program_crd()}};
}

}  // namespace faisca::api
