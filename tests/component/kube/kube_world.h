// What each test of lib/kube on the real API server starts from: the suite's control plane
// (cmake/kubernetes.cmake), a namespace of its own, clients, and a broken wire on demand.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "lib/kube/informer.h"
#include "lib/kube/rest_client.h"
#include "lib/kube/testing/eventually.h"

namespace faisca::kube {

using testing::eventually;

// The administrator's kubeconfig, from FAISCA_TEST_KUBECONFIG; a test without it fails.
std::filesystem::path test_kubeconfig();

class KubeWorld : public ::testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  // With the administrator's rights; at `server` if that is not empty.
  std::unique_ptr<RestClient> connect(const std::string& server = "",
                                      RestSettings settings = {.requests_per_second = 0});
  Config config() const { return config_; }
  Client& client() { return *client_; }
  const std::string& space() const { return space_; }

  Json config_map(const std::string& name, const std::string& value) const;
  // Applies it; the test fails if that fails.
  Json put(const std::string& name, const std::string& value);
  Json must(Result<Json> result);

 private:
  Config config_;
  std::string space_;
  std::unique_ptr<RestClient> client_;
};

}  // namespace faisca::kube
