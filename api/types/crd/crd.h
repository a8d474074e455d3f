// The CustomResourceDefinitions of group faisca.dev as YAML, printed from the lists of fields. The files in
// api/crd/ are made from this and compared by a test; the chart ships them. Pure functions.
#pragma once

#include <string>
#include <vector>

namespace faisca::api {

struct CrdFile {
  std::string name;  // "faisca.dev_functions.yaml"
  std::string text;
};

// Of every kind, in the order in which they are applied.
std::vector<CrdFile> crd_files();

}  // namespace faisca::api
