"""Configuration of a node's programs, as text. FOLDER is the node's."""
import json

from .network import node_address, pod_range

# What the kubelet wants to find; it writes those that differ. These are of the whole machine, so it is shown files instead.
SYSCTLS = {"vm/overcommit_memory": 1, "vm/panic_on_oom": 0, "kernel/panic": 10, "kernel/panic_on_oops": 1,
           "kernel/keys/root_maxkeys": 1000000, "kernel/keys/root_maxbytes": 25000000}
# Folders that programs use whatever they are told, hidden behind empty ones that nobody else sees:
# containerd's shims (/run/containerd), CNI's cache, device plugins' sockets, links to logs.
HIDDEN = ["/run", "/var/lib/cni", "/var/lib/kubelet", "/var/log"]


def mount_script(folder):
    """Runs in a mount namespace of its own, says so in FOLDER/mounted, and holds it."""
    lines = ["set -e"]
    lines += [f"mount -t tmpfs -o mode=755 tmpfs {hidden}" for hidden in HIDDEN]
    lines += [f"mount --bind '{folder}/sysctl/{name.replace('/', '_')}' /proc/sys/{name}" for name in SYSCTLS]
    # Volumes that the kubelet mounts must reach containers.
    lines += ["mount --make-rshared /", f"touch '{folder}/mounted'", "exec sleep infinity"]
    return "\n".join(lines)


def cni(folder, number):
    bridge = {"type": "bridge", "bridge": "pods", "isGateway": True, "ipMasq": False, "hairpinMode": True,
              "ipam": {"type": "host-local", "dataDir": f"{folder}/addresses", "ranges": [[{"subnet": pod_range(number)}]],
                       "routes": [{"dst": "0.0.0.0/0"}]}}
    portmap = {"type": "portmap", "capabilities": {"portMappings": True}}
    return json.dumps({"cniVersion": "0.4.0", "name": "pods", "plugins": [bridge, portmap]}, indent=1)


def containerd(folder, pause, snapshotter):
    # restrict_oom_score_adj, disable_apparmor: what a machine without CAP_SYS_RESOURCE or AppArmor refuses.
    return f"""version = 2
root = "{folder}/containerd"
state = "{folder}/containers"
[grpc]
  address = "{folder}/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{pause}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "{snapshotter}"
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "{folder}/cni"
"""


def kubelet(folder, number, cgroup, authority):
    # Images come from us alone and are not fetched again, so a full disk must not delete them. A node that is gone is noticed
    # within 16 s (installation of the control plane), for which it must report more often than by default.
    return f"""apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
containerRuntimeEndpoint: unix://{folder}/containerd.sock
cgroupDriver: cgroupfs
cgroupRoot: /{cgroup}
failCgroupV1: false
failSwapOn: false
enforceNodeAllocatable: []
oomScoreAdj: 0
maxOpenFiles: 10000
maxPods: 250
address: {node_address(number)}
readOnlyPort: 0
podLogsDir: {folder}/logs/pods
volumePluginDir: {folder}/volume-plugins
resolvConf: {folder}/resolv.conf
imageGCHighThresholdPercent: 100
nodeStatusUpdateFrequency: 4s
nodeLeaseDurationSeconds: 8
authentication:
  anonymous: {{enabled: false}}
  webhook: {{enabled: true}}
  x509: {{clientCAFile: {authority}}}
authorization: {{mode: Webhook}}
evictionHard: {{memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%, nodefs.inodesFree: 1%}}
"""
