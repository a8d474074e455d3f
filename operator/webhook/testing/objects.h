// Functions and reviews for the webhook's tests, with objects as a user would compile them.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "lib/base/base64.h"
#include "lib/base/files.h"

namespace faisca::webhook {

inline std::string object(const std::string& name) {
  auto bytes = read_file(std::string(FAISCA_TESTDATA) + "/" + name + ".o");
  EXPECT_TRUE(bytes) << bytes.error().text();
  return bytes.value_or("");
}

// A Function as the API server sends it.
inline nlohmann::json function(const std::string& name, const std::string& elf,
                               const std::string& convention = "mem") {
  nlohmann::json function = {{"apiVersion", "faisca.dev/v1alpha1"}, {"kind", "Function"}};
  function["metadata"] = {{"name", name}, {"namespace", "default"}};
  function["spec"]["offload"] = {{"convention", convention}, {"object", {{"inline", base64_encode(elf)}}}};
  return function;
}

inline nlohmann::json review_of(const nlohmann::json& function, const std::string& operation = "CREATE") {
  nlohmann::json review = {{"apiVersion", "admission.k8s.io/v1"}, {"kind", "AdmissionReview"}};
  review["request"] = {{"uid", "705ab4f5-6393-11e8-b7cc-42010a800002"},
                       {"kind", {{"group", "faisca.dev"}, {"version", "v1alpha1"}, {"kind", "Function"}}},
                       {"operation", operation},
                       {"object", function}};
  return review;
}

}  // namespace faisca::webhook
