#include "deviceplugin/kubelet/session.h"

#include <grpcpp/grpcpp.h>
#include <sys/un.h>

#include <chrono>
#include <utility>

#include "api/proto/kubelet_device_plugin.grpc.pb.h"
#include "lib/base/backoff.h"
#include "lib/base/log.h"

namespace faisca::deviceplugin {
namespace {

using std::chrono::milliseconds;

constexpr char kKubeletSocket[] = "kubelet.sock";
constexpr char kApiVersion[] = "v1beta1";
constexpr milliseconds kRegisterTimeout{5000};
constexpr milliseconds kLook{60'000};  // without any event

}  // namespace

KubeletSession::KubeletSession(KubeletSettings settings, grpc::Service& service, FolderWatch watch)
    : settings_(std::move(settings)), service_(service), watch_(std::move(watch)) {}

Result<std::unique_ptr<KubeletSession>> KubeletSession::start(KubeletSettings settings,
                                                              grpc::Service& service) {
  const auto longest = sizeof(sockaddr_un::sun_path) - 1;
  const std::string socket = (settings.folder / settings.socket_name).string();
  if (socket.size() > longest)
    return fail(Code::kInvalidArgument,
                "the socket path " + socket + " is " + std::to_string(socket.size()) +
                    " bytes long; a unix socket takes at most " + std::to_string(longest),
                "choose a shorter folder");
  // Watched before anything is served, so that no restart of the kubelet is missed.
  auto watch = FolderWatch::open(settings.folder);
  if (!watch) {
    watch.error().hint = "mount the kubelet's device-plugins folder there, or set kubelet_folder";
    return fail(std::move(watch).error());
  }
  std::unique_ptr<KubeletSession> session(
      new KubeletSession(std::move(settings), service, *std::move(watch)));
  session->thread_ = std::thread([raw = session.get()] { raw->work(); });
  return session;
}

KubeletSession::~KubeletSession() {
  stopping_ = true;
  watch_.stop();
  if (thread_.joinable()) thread_.join();
}

void KubeletSession::work() {
  Backoff backoff({.first = milliseconds(100), .longest = milliseconds(10'000)});
  while (!stopping_) {
    if (serve_and_register()) {
      backoff.reset();
      while (!stopping_ && !must_start_again()) {
      }
    } else {
      wait_for_kubelet(backoff.next());
    }
    if (server_) server_->Shutdown(std::chrono::system_clock::now());
    server_.reset();
  }
}

bool KubeletSession::serve_and_register() {
  Status done = serve();
  if (done) done = register_plugin();
  if (!done) {  // the same trouble is said once
    const std::string text = done.error().text();
    if (text != last_error_) log_warning("device plugin is not registered", {{"error", done.error()}});
    last_error_ = text;
    return false;
  }
  last_error_.clear();
  ++registrations_;
  log_info("device plugin registered", {{"resource", settings_.resource}, {"socket", settings_.socket_name}});
  return true;
}

bool KubeletSession::must_start_again() {
  const auto changes = watch_.wait(kLook);
  if (!changes) {
    log_error("device plugin cannot watch the kubelet's folder", {{"error", changes.error()}});
    return true;
  }
  if (changes->created.contains(kKubeletSocket)) return true;
  std::error_code error;
  return (changes->overflow || changes->removed.contains(settings_.socket_name)) &&
         !std::filesystem::exists(settings_.folder / settings_.socket_name, error);
}

// Our own socket coming and going makes changes too: they are no reason to hurry.
void KubeletSession::wait_for_kubelet(milliseconds longest) {
  const auto until = std::chrono::steady_clock::now() + longest;
  while (!stopping_) {
    const auto left = std::chrono::duration_cast<milliseconds>(until - std::chrono::steady_clock::now());
    if (left <= milliseconds(0)) return;
    const auto changes = watch_.wait(left);
    if (!changes || changes->stopped || changes->created.contains(kKubeletSocket)) return;
  }
}

Status KubeletSession::serve() {
  const std::filesystem::path socket = settings_.folder / settings_.socket_name;
  std::error_code error;
  std::filesystem::remove(socket, error);  // of an earlier process
  grpc::ServerBuilder builder;
  int bound = 0;
  builder.AddListeningPort("unix:" + socket.string(), grpc::InsecureServerCredentials(), &bound);
  builder.RegisterService(&service_);
  server_ = builder.BuildAndStart();
  if (!server_ || bound == 0)
    return fail(Code::kUnavailable, "cannot listen on " + socket.string(),
                "check that its folder is writable");
  return {};
}

Status KubeletSession::register_plugin() {
  const std::string kubelet = "unix:" + (settings_.folder / kKubeletSocket).string();
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);  // no memory of the last kubelet
  const auto stub = v1beta1::Registration::NewStub(
      grpc::CreateCustomChannel(kubelet, grpc::InsecureChannelCredentials(), arguments));
  v1beta1::RegisterRequest request;
  request.set_version(kApiVersion);
  request.set_endpoint(settings_.socket_name);
  request.set_resource_name(settings_.resource);
  request.mutable_options()->set_get_preferred_allocation_available(true);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + kRegisterTimeout);
  v1beta1::Empty response;
  const grpc::Status status = stub->Register(&context, request, &response);
  if (status.ok()) return {};
  return fail(static_cast<Code>(status.error_code()),
              "the kubelet at " + kubelet + " does not register " + settings_.resource + ": " +
                  status.error_message(),
              "is the kubelet running?");
}

}  // namespace faisca::deviceplugin
