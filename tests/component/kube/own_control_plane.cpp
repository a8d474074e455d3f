#include "tests/component/kube/own_control_plane.h"

#include <signal.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "lib/base/assert.h"
#include "lib/base/files.h"

namespace faisca::kube {

OwnControlPlane::OwnControlPlane(std::filesystem::path control) : control_(std::move(control)) {
  // --with-parent: it ends with this process, whatever becomes of it.
  FAISCA_ASSERT(run("up --with-parent") == 0, "the control plane does not start");
}

OwnControlPlane::~OwnControlPlane() { run("down"); }

int OwnControlPlane::run(const std::string& arguments) const {
  const std::string command =
      "exec '" + control_.string() + "' " + arguments + " --dir '" + folder_.path().string() + "' >/dev/null";
  return std::system(command.c_str());
}

void OwnControlPlane::kill(const std::string& name) {
  FAISCA_ASSERT(run("stop --kill " + name) == 0, name.c_str());
}

void OwnControlPlane::start(const std::string& name) {
  FAISCA_ASSERT(run("start " + name) == 0, name.c_str());
}

void OwnControlPlane::signal(const std::string& name, int number) {
  const auto text = read_file(folder_.path() / "programs.json");
  FAISCA_ASSERT(text.has_value(), "no programs.json");
  const auto programs = nlohmann::json::parse(*text);
  FAISCA_ASSERT(::kill(programs.at(name).at("pid").get<int>(), number) == 0, name.c_str());
}

}  // namespace faisca::kube
