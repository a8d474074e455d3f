// Keeps the plugin known to the kubelet: serves the plugin's socket, registers it, and does both again when
// the kubelet has restarted (it removes the sockets of its folder and makes a new kubelet.sock).
//
// Thread: owns one, from start() to the destructor. Failed attempts are logged and repeated with growing
// waits; nothing ends the session but its destructor.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "deviceplugin/kubelet/folder_watch.h"
#include "lib/base/result.h"

namespace grpc {
class Server;
class Service;
}  // namespace grpc

namespace faisca::deviceplugin {

struct KubeletSettings {
  std::filesystem::path folder = "/var/lib/kubelet/device-plugins";  // of kubelet.sock, and of our socket
  std::string socket_name = "faisca.sock";
  std::string resource = "faisca.dev/engine";
};

class KubeletSession {
 public:
  // `service` (DevicePlugin) outlives the session. kNotFound when the kubelet's folder does not exist.
  static Result<std::unique_ptr<KubeletSession>> start(KubeletSettings settings, grpc::Service& service);
  ~KubeletSession();

  // How often the kubelet has taken us.
  std::uint64_t registrations() const { return registrations_; }

 private:
  KubeletSession(KubeletSettings settings, grpc::Service& service, FolderWatch watch);
  void work();
  bool serve_and_register();
  bool must_start_again();
  void wait_for_kubelet(std::chrono::milliseconds longest);
  Status serve();
  Status register_plugin();

  const KubeletSettings settings_;
  grpc::Service& service_;
  FolderWatch watch_;
  std::unique_ptr<grpc::Server> server_;  // of thread_
  std::string last_error_;                // of thread_: said already
  std::atomic<std::uint64_t> registrations_ = 0;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace faisca::deviceplugin
