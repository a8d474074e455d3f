// The files in api/crd are what the code says, and say what Kubernetes' conventions ask for.
// FAISCA_UPDATE_GOLDEN=1 rewrites them. Whether an API server takes them: tests/component/operator.
#include "api/types/crd/crd.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "api/types/fields/document.h"
#include "lib/base/files.h"

namespace faisca::api {
namespace {

const Node* member(const Node& node, std::string_view name) {
  for (const auto& [key, value] : node.entries)
    if (key == name) return &value;
  return nullptr;
}

// Calls `look` for every schema below `node` that is a property.
void each_property(const Node& node, const std::string& path,
                   const std::function<void(const std::string&, const Node&)>& look) {
  if (const Node* properties = member(node, "properties"))
    for (const auto& [name, schema] : properties->entries) {
      look(path + "." + name, schema);
      each_property(schema, path + "." + name, look);
    }
  if (const Node* items = member(node, "items")) each_property(*items, path + "[]", look);
}

Node schema_of(const CrdFile& file) {
  const Node crd = parse_document(file.text).value();
  return *member(*member(member(*member(crd, "spec"), "versions")->items.at(0), "schema"), "openAPIV3Schema");
}

TEST(Crd, FilesAreWhatTheCodeSays) {
  for (const CrdFile& file : crd_files()) {
    const std::string path = std::string(FAISCA_SOURCE_DIR) + "/api/crd/" + file.name;
    if (std::getenv("FAISCA_UPDATE_GOLDEN")) std::ofstream(path) << file.text;
    EXPECT_EQ(read_file(path).value_or("(no file)"), file.text)
        << "run the test once with FAISCA_UPDATE_GOLDEN=1";
  }
}

TEST(Crd, EveryFieldOfOursHasADescription) {
  int fields = 0;
  for (const CrdFile& file : crd_files())
    each_property(schema_of(file), "", [&](const std::string& path, const Node& schema) {
      if (path.starts_with(".metadata")) return;
      ++fields;
      EXPECT_TRUE(member(schema, "description")) << file.name << " " << path;
    });
  EXPECT_GT(fields, 100);
}

TEST(Crd, EveryTextAndListIsBounded) {
  for (const CrdFile& file : crd_files())
    each_property(schema_of(file), "", [&](const std::string& path, const Node& schema) {
      if (!path.starts_with(".spec")) return;
      const Node* type = member(schema, "type");
      if (!type) return;
      if (type->text == "string" && !member(schema, "enum") && !member(schema, "format"))
        EXPECT_TRUE(member(schema, "maxLength")) << file.name << " " << path;
      if (type->text == "array") EXPECT_TRUE(member(schema, "maxItems")) << file.name << " " << path;
    });
}

TEST(Crd, ConditionsAreAListByType) {
  int found = 0;
  for (const CrdFile& file : crd_files())
    each_property(schema_of(file), "", [&](const std::string& path, const Node& schema) {
      if (path != ".status.conditions") return;
      ++found;
      EXPECT_EQ(member(schema, "x-kubernetes-list-type")->text, "map") << file.name;
    });
  EXPECT_EQ(found, 3);
}

}  // namespace
}  // namespace faisca::api
