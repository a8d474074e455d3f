"""Builds the Kubernetes programs from Go modules: kubernetes/main.go with the versions and checksums of its go.mod and go.sum.

Takes about eight minutes on two cores the first time (Go's own cache empty), and 3 GB of memory at most.
"""
import hashlib
import re
import subprocess
from pathlib import Path

from . import go
from .problem import Problem, say

MODULE = Path(__file__).resolve().parent.parent / "kubernetes"
PROGRAMS = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubelet", "kube-proxy", "kubectl"]
# The binary's name in the cache. Never called by it.
BINARY = "hyper"


def version():
    return re.search(r"^\tk8s\.io/kubernetes v(\S+)$", (MODULE / "go.mod").read_text(), re.MULTILINE).group(1)


def linker_flags():
    """Kubernetes' own build writes its version in by the linker; `kubectl version` and the skew checks read it."""
    major, minor = version().split(".")[:2]
    values = {"gitVersion": f"v{version()}", "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean",
              "gitCommit": "c029d48d28322ad0369aabdcf8b656fd3195cd30",
              "buildDate": "2026-01-01T00:00:00Z"}  # fixed: the same sources give the same binary
    packages = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"]
    return " ".join(["-s -w", *(f"-X {package}.{name}={value}" for package in packages for name, value in values.items())])


def key():
    """Names what the binary is made from."""
    digest = hashlib.sha256()
    for name in ("go.mod", "go.sum", "main.go"):
        digest.update((MODULE / name).read_bytes())
    digest.update(f"{linker_flags()}\n{go.version()}\n".encode())
    return digest.hexdigest()[:16]


def make(folder):
    say(f"Building Kubernetes {version()} from Go modules: about 8 minutes on 2 cores, once")
    with go.toolchain() as (program, environment):
        environment = {**environment, "CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false"}
        packages = _run([program, "list", "-deps", "."], environment, "downloading its modules").splitlines()
        command = [program, "build", "-v", "-mod=readonly", "-trimpath", "-ldflags", linker_flags(), "-o", str(folder / BINARY), "."]
        _build(command, environment, len(packages))
    for name in PROGRAMS:
        (folder / name).symlink_to(BINARY)


def _run(command, environment, what):
    done = subprocess.run(command, cwd=MODULE, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        raise Problem(f"{what} failed: {' '.join(done.stderr.split()[-60:])}", "is the Go module proxy (go env GOPROXY) reachable?")
    return done.stdout


def _build(command, environment, total):
    """With -v go names each package it compiles, and each complaint; packages in its cache are not named."""
    with subprocess.Popen(command, cwd=MODULE, env=environment, stderr=subprocess.PIPE, text=True) as process:
        try:
            lines, shown = [], 0
            for line in process.stderr:
                lines.append(line)
                if 10 * len(lines) // total > shown:
                    shown = 10 * len(lines) // total
                    say(f"Building Kubernetes … {10 * shown} %")
            if process.wait() != 0:
                raise Problem(f"go build failed: {''.join(lines[-10:]).strip()}", "was it short of memory? It takes up to 3 GB")
        except BaseException:
            process.kill()
            raise


