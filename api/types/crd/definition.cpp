#include "api/types/crd/definition.h"

#include "api/types/crd/schema.h"

namespace faisca::api::internal {
namespace {

constexpr char kGroup[] = "faisca.dev";
constexpr char kVersion[] = "v1alpha1";

Node words(const std::vector<const char*>& list) {
  Node node = list_node();
  for (const char* word : list) node.items.push_back(text_node(word));
  return node;
}

Node columns(const Definition& definition) {
  Node list = list_node();
  for (const Column& column : definition.columns) {
    Node node = map_node({{"name", text_node(column.name)},
                          {"type", text_node(column.type)},
                          {"description", text_node(column.sentence)},
                          {"jsonPath", text_node(column.path)}});
    if (column.priority) node.entries.emplace_back("priority", plain_node(std::to_string(column.priority)));
    list.items.push_back(std::move(node));
  }
  return list;
}

// Fields that every object has; the names of ours are shorter than Kubernetes allows, and bounded for the
// rules.
Node root_schema(const Definition& definition, Node spec, Node status) {
  Node name = map_node({{"type", text_node("string")}, {"maxLength", plain_node("63")}});
  Node metadata =
      map_node({{"type", text_node("object")}, {"properties", map_node({{"name", std::move(name)}})}});
  Node properties = map_node(
      {{"apiVersion",
        map_node({{"type", text_node("string")}, {"description", text_node("faisca.dev/v1alpha1.")}})},
       {"kind", map_node({{"type", text_node("string")},
                          {"description", text_node(std::string(definition.kind) + ".")}})},
       {"metadata", std::move(metadata)},
       {"spec", std::move(spec)}});
  if (status.kind != Node::Kind::kNull) properties.entries.emplace_back("status", std::move(status));
  Node rule = map_node(
      {{"rule", text_node("self.metadata.name.matches('" + std::string(definition.name_pattern) + "')")},
       {"message", text_node(definition.name_message)}});
  return map_node({{"type", text_node("object")},
                   {"description", text_node(definition.sentence)},
                   {"required", list_node({text_node("spec")})},
                   {"x-kubernetes-validations", list_node({std::move(rule)})},
                   {"properties", std::move(properties)}});
}

}  // namespace

std::string print_definition(const Definition& definition, Node spec, Node status) {
  const bool has_status = status.kind != Node::Kind::kNull;
  Node version = map_node(
      {{"name", text_node(kVersion)}, {"served", plain_node("true")}, {"storage", plain_node("true")}});
  if (has_status) {
    Node subresources = map_node({{"status", map_node()}});
    if (definition.scale)
      subresources.entries.emplace_back("scale",
                                        map_node({{"specReplicasPath", text_node(".spec.replicas")},
                                                  {"statusReplicasPath", text_node(".status.replicas")},
                                                  {"labelSelectorPath", text_node(".status.selector")}}));
    version.entries.emplace_back("subresources", std::move(subresources));
  }
  version.entries.emplace_back("additionalPrinterColumns", columns(definition));
  version.entries.emplace_back(
      "schema", map_node({{"openAPIV3Schema", root_schema(definition, std::move(spec), std::move(status))}}));

  Node names = map_node({{"kind", text_node(definition.kind)},
                         {"listKind", text_node(std::string(definition.kind) + "List")},
                         {"plural", text_node(definition.plural)},
                         {"singular", text_node(definition.singular)},
                         {"shortNames", words(definition.short_names)},
                         {"categories", words({"faisca"})}});
  Node crd = map_node(
      {{"apiVersion", text_node("apiextensions.k8s.io/v1")},
       {"kind", text_node("CustomResourceDefinition")},
       {"metadata", map_node({{"name", text_node(std::string(definition.plural) + "." + kGroup)},
                              {"labels", map_node({{"app.kubernetes.io/part-of", text_node("faisca")}})}})},
       {"spec", map_node({{"group", text_node(kGroup)},
                          {"scope", text_node(definition.namespaced ? "Namespaced" : "Cluster")},
                          {"names", std::move(names)},
                          {"versions", list_node({std::move(version)})}})}});
  return "# Made from api/types; FAISCA_UPDATE_GOLDEN=1 crd_test rewrites it.\n" + print_yaml(crd);
}

}  // namespace faisca::api::internal
