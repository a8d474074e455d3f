// What a process pays for watching a cluster: memory of four informers over N objects each, processor time
// for each watch event and each write.
//
//   bench_kube_client KUBECONFIG fill 1000     makes namespace bench-kube-client with N objects of four kinds
//   bench_kube_client KUBECONFIG measure 1000  watches them, has a second process change N, prints the
//   figures bench_kube_client KUBECONFIG drop          removes the namespace
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "lib/kube/informer.h"
#include "lib/kube/object.h"
#include "lib/kube/rest_client.h"
#include "lib/process/spawn.h"
#include "lib/process/wait.h"

namespace faisca::kube {
namespace {

const std::string kSpace = "bench-kube-client";

double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double resident_mib() {
  std::ifstream file("/proc/self/statm");
  long total = 0, resident = 0;
  file >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
}

Json deployment(const std::string& name, int turn) {
  Json out = make_object(kDeployments, {kSpace, name});
  out["metadata"]["labels"]["faisca.dev/function"] = name;
  out["metadata"]["annotations"]["turn"] = std::to_string(turn);
  out["spec"] = Json::parse(R"({"replicas": 0, "selector": {"matchLabels": {"app": "x"}}, "template": {
    "metadata": {"labels": {"app": "x"}}, "spec": {"containers": [{"name": "function", "image": "example/image:1",
      "env": [{"name": "A", "value": "1"}], "ports": [{"name": "http", "containerPort": 8080}],
      "securityContext": {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}},
      "readinessProbe": {"httpGet": {"path": "/_/ready", "port": "http"}}}]}}})");
  return out;
}

Json service(const std::string& name) {
  Json out = make_object(kServices, {kSpace, name});
  out["spec"] = Json::parse(R"({"clusterIP": "None", "ports": [{"name": "http", "port": 8080}]})");
  return out;
}

Json slice(const std::string& name) {
  Json out = make_object(kEndpointSlices, {kSpace, name});
  out["addressType"] = "IPv4";
  out["ports"] = Json::parse(R"([{"name": "http", "port": 8080, "protocol": "TCP"}])");
  out["endpoints"] = Json::parse(R"([{"addresses": ["10.1.2.3"], "conditions": {"ready": true}}])");
  return out;
}

Json config_map(const std::string& name) {
  Json out = make_object(kConfigMaps, {kSpace, name});
  out["data"]["handler.py"] = std::string(500, 'x');
  return out;
}

int fill(Client& client, int count) {
  (void)client.send(apply(kNamespaces, make_object(kNamespaces, {"", kSpace}), "bench"));
  for (int i = 0; i < count; ++i) {
    const std::string name = "function-" + std::to_string(i);
    for (const Request& request :
         {apply(kDeployments, deployment(name, 0), "bench"), apply(kServices, service(name), "bench"),
          apply(kEndpointSlices, slice(name), "bench"), apply(kConfigMaps, config_map(name), "bench")})
      if (const auto made = client.send(request); !made)
        return std::printf("%s\n", made.error().text().c_str()), 1;
  }
  return 0;
}

// Writes `count` deployments and says what each cost this process.
int change(Client& client, int count) {
  const double cpu = cpu_seconds(), begun = seconds_now();
  const int turn = static_cast<int>(begun);
  for (int i = 0; i < count; ++i)
    if (const auto made =
            client.send(apply(kDeployments, deployment("function-" + std::to_string(i), turn), "bench"));
        !made)
      return std::printf("%s\n", made.error().text().c_str()), 1;
  std::printf("server-side apply, one after another: %.2f ms each, of it %.0f us of this process\n",
              (seconds_now() - begun) * 1e3 / count, (cpu_seconds() - cpu) * 1e6 / count);
  return 0;
}

int measure(Client& client, const char* const* arguments, int count) {
  std::vector<std::unique_ptr<Informer<std::string>>> informers;
  std::printf("resident with one connection: %.1f MiB\n", (client.send(list(kNodes)), resident_mib()));
  const double cpu = cpu_seconds();
  for (const Resource& resource : {kDeployments, kServices, kEndpointSlices, kConfigMaps}) {
    informers.push_back(std::make_unique<Informer<std::string>>(
        client, ReflectorSettings{.resource = resource, .space = kSpace}, compact_text));
    informers.back()->start();
  }
  size_t objects = 0, bytes = 0;
  for (const auto& informer : informers) {
    if (!informer->wait_synced(std::chrono::seconds(120))) return std::printf("not synced\n"), 1;
    objects += informer->size();
    for (const auto& item : informer->all()) bytes += item->value.size();
  }
  std::printf(
      "resident with four informers over %zu objects (%.1f MiB of text): %.1f MiB; listing them: %.0f us an "
      "object\n",
      objects, static_cast<double>(bytes) / (1 << 20), resident_mib(),
      (cpu_seconds() - cpu) * 1e6 / static_cast<double>(objects));
  const uint64_t events = informers[0]->counters().events;
  const double before = cpu_seconds();
  process::Command command{.path = "/proc/self/exe",
                           .arguments = {arguments[0], arguments[1], "change", std::to_string(count)}};
  command.fds = {{1, 1}, {2, 2}};
  const auto child = process::spawn(command);
  if (!child) return std::printf("%s\n", child.error().text().c_str()), 1;
  (void)process::wait(child->pidfd.get());
  while (informers[0]->counters().events < events + static_cast<uint64_t>(count))
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  const double seen = static_cast<double>(informers[0]->counters().events - events);
  std::printf("watch: %.0f events, %.0f us each; resident then: %.1f MiB\n", seen,
              (cpu_seconds() - before) * 1e6 / seen, resident_mib());
  const double idle = cpu_seconds();
  std::this_thread::sleep_for(std::chrono::seconds(10));
  std::printf("idle: %.3f %% of a core\n", (cpu_seconds() - idle) * 10);
  return 0;
}

int run(int count, const char* const* arguments) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  auto config = load_kubeconfig(arguments[1]);
  if (!config) return std::printf("%s\n", config.error().text().c_str()), 1;
  auto client = RestClient::create(*config, {.requests_per_second = 0});
  if (!client) return std::printf("%s\n", client.error().text().c_str()), 1;
  const std::string what = arguments[2];
  if (what == "fill") return fill(**client, count);
  if (what == "change") return change(**client, count);
  if (what == "measure") return measure(**client, arguments, count);
  if (what == "drop") return (*client)->send(remove(kNamespaces, {"", kSpace})) ? 0 : 1;
  return std::printf("what is \"%s\"? fill, measure or drop\n", what.c_str()), 2;
}

}  // namespace
}  // namespace faisca::kube

int main(int argc, char** argv) {
  if (argc < 3) return std::fprintf(stderr, "usage: bench_kube_client KUBECONFIG fill|measure|drop [N]\n"), 2;
  return faisca::kube::run(argc > 3 ? std::atoi(argv[3]) : 1'000, argv);
}
