// A control plane for one test that breaks it. Takes five to ten seconds to start.
#pragma once

#include <filesystem>
#include <string>

#include "lib/kube/testing/temporary_folder.h"

namespace faisca::kube {

class OwnControlPlane {
 public:
  // `control`: the command beside the suite's kubeconfig. Aborts if it does not start.
  explicit OwnControlPlane(std::filesystem::path control);
  ~OwnControlPlane();

  std::filesystem::path kubeconfig() const { return folder_.path() / "admin.kubeconfig"; }

  // NAME: etcd, kube-apiserver, kube-controller-manager, kube-scheduler. `kill` leaves it no time to say
  // good-bye.
  void kill(const std::string& name);
  void start(const std::string& name);
  void signal(const std::string& name, int number);

 private:
  int run(const std::string& arguments) const;

  testing::TemporaryFolder folder_;
  std::filesystem::path control_;
};

}  // namespace faisca::kube
