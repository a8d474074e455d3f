// Who a resource is, and the fields of it that Faisca reads and writes. Thread: plain values.
#pragma once

#include <map>
#include <string>

namespace faisca::api {

inline constexpr char kApiVersion[] = "faisca.dev/v1alpha1";

struct Metadata {
  std::string name;  // DNS-1123 label, at most 63 characters
  std::string name_space;
  std::map<std::string, std::string> labels;
  std::map<std::string, std::string> annotations;

  bool operator==(const Metadata&) const = default;
};

namespace internal {

inline constexpr auto kMetadataFields = [](auto& io, Metadata& v) {
  io.text("name", v.name,
          "Name of the function: 1 to 63 of a-z, 0-9 and '-'; the URL is /function/NAME. Required");
  io.text("namespace", v.name_space, "Namespace; the embedded platform has one");
  io.text_map("labels", v.labels, "Labels for selecting, shown by the REST API");
  io.text_map("annotations", v.annotations, "Notes for people and tools, shown by the REST API");
  // Written by the API server; there when a resource is printed and applied again.
  for (const char* name :
       {"uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "ownerReferences",
        "finalizers", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "generateName"})
    io.ignored(name);
};

}  // namespace internal
}  // namespace faisca::api
