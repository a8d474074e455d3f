// The one list of a Function's fields: name, type, meaning, in order. Reader, Writer and Reference walk it,
// so text in, text out and docs/reference/function.md cannot disagree.
//
// An Io has these members, each taking the field's name, the value it reads or writes, and a sentence for the
// reference:
//   text, integer, duration, bytes, base64, choice, text_list, text_map   values
//   object, optional, list                                               nested: `fields(io, value)` lists
//   the members
// Internal to api/types/function.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "api/types/function/function.h"

namespace faisca::api::internal {

template <class Enum, size_t kCount>
using Choices = std::array<std::pair<std::string_view, Enum>, kCount>;

inline constexpr Choices<Convention, 2> kConventions = {
    {{"mem", Convention::kMem}, {"xdp", Convention::kXdp}}};
inline constexpr Choices<OffloadOutput, 5> kOutputs = {{{"decimal", OffloadOutput::kDecimal},
                                                        {"hex16", OffloadOutput::kHex16},
                                                        {"hex32", OffloadOutput::kHex32},
                                                        {"hex64", OffloadOutput::kHex64},
                                                        {"memory", OffloadOutput::kMemory}}};
inline constexpr Choices<Mode, 5> kModes = {{{"fork", Mode::kFork},
                                             {"http", Mode::kHttp},
                                             {"streaming", Mode::kStreaming},
                                             {"serializing", Mode::kSerializing},
                                             {"static", Mode::kStatic}}};

inline constexpr auto kMetadataFields = [](auto& io, Metadata& v) {
  io.text("name", v.name,
          "Name of the function: 1 to 63 of a-z, 0-9 and '-'; the URL is /function/NAME. Required");
  io.text("namespace", v.name_space, "Namespace; the embedded platform has one");
  io.text_map("labels", v.labels, "Labels for selecting, shown by the REST API");
  io.text_map("annotations", v.annotations, "Notes for people and tools, shown by the REST API");
};

inline constexpr auto kArchiveFields = [](auto& io, Archive& v) {
  io.text("url", v.url, "Where the tar archive is; the embedded platform reads file:///PATH");
  io.text("sha256", v.sha256, "SHA-256 of the archive as 64 hex digits");
};

inline constexpr auto kSourceFields = [](auto& io, Source& v) {
  io.text("runtime", v.runtime,
          "What the code needs: python3, node, bash interpret inline code; c, cpp come as archives");
  io.text("inline", v.inline_code, "The handler's code itself; exclusive with archive");
  io.optional("archive", v.archive, kArchiveFields, "A tar archive, unpacked into the function's folder");
};

inline constexpr auto kObjectFields = [](auto& io, std::string& v) {
  io.base64("inline", v, "The ELF file of `clang -target bpf`, in base64");
};

inline constexpr auto kOffloadFields = [](auto& io, Offload& v) {
  io.choice("convention", v.convention, kConventions,
            "How the program is called: with memory and its length, or as an XDP program");
  io.object("object", v.object, kObjectFields, "The compiled eBPF object");
  io.text("program", v.program, "Which function of the object to enter; may be left out when there is one");
  io.choice("output", v.output, kOutputs, "How R0 or the memory becomes the response body");
  io.integer("budget", v.budget, "Instructions that an invocation may retire");
};

inline constexpr auto kHandlerFields = [](auto& io, Handler& v) {
  io.text_list("command", v.command,
               "Program and arguments; a relative program is looked up in the function's folder");
  io.choice("mode", v.mode, kModes, "How the watchdog talks to the handler");
};

inline constexpr auto kEnvFields = [](auto& io, EnvVar& v) {
  io.text("name", v.name, "Name of the variable");
  io.text("value", v.value, "Its value");
};

inline constexpr auto kTimeoutFields = [](auto& io, Timeouts& v) {
  io.duration("exec", v.exec, "For a whole invocation");
  io.duration("read", v.read, "For the request to arrive");
  io.duration("write", v.write, "For the response to leave");
};

inline constexpr auto kConcurrencyFields = [](auto& io, Concurrency& v) {
  io.integer("perInstance", v.per_instance,
             "Requests in flight in one instance, more get 429; 0 is no limit");
};

inline constexpr auto kScaleFields = [](auto& io, Scale& v) {
  io.integer("min", v.min, "Fewest instances");
  io.integer("max", v.max, "Most instances");
};

inline constexpr auto kSpecFields = [](auto& io, FunctionSpec& v) {
  io.text("image", v.image,
          "Container image; exactly one of image, source, offload, or an absolute handler.command");
  io.optional("source", v.source, kSourceFields, "Code put into a prepared environment, without an image");
  io.optional("offload", v.offload, kOffloadFields, "An eBPF program that runs on a device");
  io.object("handler", v.handler, kHandlerFields, "What is started for requests");
  io.list("env", v.env, kEnvFields, "Environment of the handler");
  io.object("timeouts", v.timeouts, kTimeoutFields, "How long things may take");
  io.object("concurrency", v.concurrency, kConcurrencyFields, "How much one instance takes at a time");
  io.object("scale", v.scale, kScaleFields, "How many instances");
  io.bytes("maxBodyBytes", v.max_body_bytes, "Largest request body, larger gets 413");
};

inline constexpr auto kFunctionFields = [](auto& io, Function& v) {
  io.object("metadata", v.metadata, kMetadataFields, "Who it is");
  io.object("spec", v.spec, kSpecFields, "What runs and how");
};

}  // namespace faisca::api::internal
