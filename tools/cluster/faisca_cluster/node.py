"""A node: containerd, kubelet and kube-proxy in a network namespace, a mount namespace and a control group of their own."""
import json
import subprocess

from . import cgroups, network, node_files
from .problem import Problem
from .programs import Programs
from .wait import until

KEPT_IMAGES = "images.json"


class Node:
    """`plane` is the control plane whose credentials it uses; `cluster` the prefix of its names."""

    def __init__(self, cluster, number, plane, pause):
        self.number = number
        self.name = f"node{number}"
        self.namespace = f"{cluster}-{self.name}"
        self.group = f"{cluster}/{self.name}"
        self.folder = plane.folder / self.name
        self.programs = Programs(self.folder)
        self._plane, self._pause = plane, pause

    def start(self):
        """Starts the programs; the node is Ready some seconds later."""
        self._write_files()
        cgroups.make(self.group)
        cgroups.make(f"{self.group}/system")
        joining = cgroups.joining(f"{self.group}/system")
        marker = self.folder / "mounted"
        marker.unlink(missing_ok=True)
        holder = self.programs.start("mounts", ["unshare", "--mount", "--propagation", "private", "sh", "-c", node_files.mount_script(self.folder)], joining)
        until(lambda: self._started("mounts") and marker.exists(), 10, f"{self.name} has its mounts")
        self._prefix = ["nsenter", f"--net={network.namespace_path(self.namespace)}", f"--mount=/proc/{holder.pid}/ns/mnt", "--", *joining]
        self.programs.start("containerd", ["containerd", "-c", self.folder / "containerd.toml"], self._prefix)
        self._start_proxy()
        until(lambda: self._started("containerd") and self._ctr("version", check=False), 30, f"{self.name}'s containerd answers")
        if not self.has(self._pause):
            self.load(self._pause)
        self._start_kubelet()

    def stop(self):
        """As if the power went: every process ends at once, containers too."""
        cgroups.kill(self.group)

    def running(self):
        return self.programs.alive("kubelet")

    def has(self, image):
        return self._images().get(image["reference"]) == image["digest"]

    def load(self, image):
        """Imports an image (a record of images.build) from its archive."""
        self._ctr("-n", "k8s.io", "images", "import", "--snapshotter", _snapshotter(self.folder), image["archive"])
        (self.folder / KEPT_IMAGES).write_text(json.dumps({**self._images(), image["reference"]: image["digest"]}))

    def _images(self):
        try:
            return json.loads((self.folder / KEPT_IMAGES).read_text())
        except FileNotFoundError:
            return {}

    def _start_proxy(self):
        # Limits of the whole machine's connection tracking are left alone (the zeros).
        self.programs.start("kube-proxy", [
            self._plane.settings.binaries / "kube-proxy", f"--kubeconfig={self._plane.folder}/proxy.kubeconfig", "--proxy-mode=nftables",
            f"--hostname-override={self.name}", f"--cluster-cidr={network.POD_RANGE}", f"--bind-address={network.node_address(self.number)}",
            "--healthz-bind-address=127.0.0.1:10256", "--metrics-bind-address=127.0.0.1:10249", "--conntrack-max-per-core=0", "--conntrack-min=0",
            "--conntrack-tcp-timeout-established=0", "--conntrack-tcp-timeout-close-wait=0", "--nodeport-addresses=primary"], self._prefix)

    def _start_kubelet(self):
        self.programs.start("kubelet", [
            self._plane.settings.binaries / "kubelet", f"--config={self.folder}/kubelet.yaml", f"--kubeconfig={self._plane.folder}/{self.name}.kubeconfig",
            f"--root-dir={self.folder}/kubelet", f"--cert-dir={self.folder}/kubelet-pki", f"--hostname-override={self.name}",
            f"--node-ip={network.node_address(self.number)}"], self._prefix)

    def _write_files(self):
        for name in ("cni", "sysctl", "logs/pods"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        # No name server: looking a name up fails at once. An empty file would make containerd use the machine's.
        (self.folder / "resolv.conf").write_text("nameserver 127.0.0.1\n")
        (self.folder / "cni/pods.conflist").write_text(node_files.cni(self.folder, self.number))
        (self.folder / "containerd.toml").write_text(node_files.containerd(self.folder, self._pause["reference"], _snapshotter(self.folder)))
        (self.folder / "kubelet.yaml").write_text(
            node_files.kubelet(self.folder, self.number, self.group, self._plane.certificates.path("ca.crt")))
        for name, value in node_files.SYSCTLS.items():
            (self.folder / "sysctl" / name.replace("/", "_")).write_text(f"{value}\n")

    def _started(self, name):
        if not self.programs.alive(name):
            raise Problem(f"{name} of {self.name} has ended: {self.programs.last_words(name)}", f"its log is {self.folder}/logs/{name}.log")
        return True

    def _ctr(self, *arguments, check=True):
        command = ["ctr", "-a", f"{self.folder}/containerd.sock", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True)
        if check and done.returncode != 0:
            raise Problem(f"{' '.join(command[3:])} on {self.name} failed: {done.stderr.strip()}")
        return done.returncode == 0


def _snapshotter(folder):
    """An overlay cannot lie on an overlay, as in a container's own file system."""
    kind = subprocess.run(["stat", "-f", "-c", "%T", folder], capture_output=True, text=True).stdout.strip()
    return "native" if kind in ("overlayfs", "UNKNOWN (0x794c7630)") else "overlayfs"


