"""Runs the programs of a release as its pods would: with the container's variables from the chart and the rights of its
account. What a pod gets from the kubelet (addresses, mounted files) is put in their place."""
import json
import re
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

import helm
import server
from workloads import pods

START_SECONDS = 30


def until(what, question, seconds=START_SECONDS):
    """The first answer of `question` that is not empty."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer:
            return answer
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.1)


class Program:
    """One container's program. A context; `port` is where it serves HTTP."""

    def __init__(self, binaries, container, account, folder, **places):
        self.name = container["name"]
        self._log = Path(folder) / f"{self.name}.log"
        variables = {item["name"]: item["value"] for item in container.get("env", []) if "value" in item}
        variables.update(places)
        command = container.get("command") or [{"gateway": "faisca-gateway-kubernetes", "operator": "faisca-operator"}[self.name]]
        if account:
            variables["FAISCA_KUBECONFIG"] = str(kubeconfig_of(account, folder))
        self._command, self._variables, self._process = [Path(binaries) / command[0]], variables, None

    def __enter__(self):
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(self._command, env=self._variables, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        return self

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def log(self):
        return self._log.read_text(errors="replace")

    @property
    def port(self):
        def found():
            if self._process.poll() is not None:
                raise AssertionError(f"{self.name} ended with {self._process.returncode}:\n{self.log()[-3000:]}")
            return re.search(r'"port":"?(\d+)', self.log())
        return int(until(f"{self.name} says its port", found)[1])

    def ask(self, path, method="GET", body=None):
        """Status and text; status 0 when there is no connection."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method, data=body)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError as error:
            return 0, str(error)

    def await_ready(self, path):
        until(f"{self.name}: {path} answers 200; its log: {self.log()[-1500:]}", lambda: self.ask(path)[0] == 200)


def kubeconfig_of(account, folder):
    """A kubeconfig with a token of the service account, as a pod has it."""
    token = server.kubectl("-n", helm.NAMESPACE, "create", "token", account).stdout.strip()
    config = json.loads(server.kubectl("config", "view", "--raw", "--minify", "-o", "json").stdout)
    config["users"] = [{"name": "account", "user": {"token": token}}]
    config["contexts"] = [{"name": "pod", "context": {"cluster": config["clusters"][0]["name"], "user": "account", "namespace": helm.NAMESPACE}}]
    config["current-context"] = "pod"
    file = Path(folder) / f"{account}.kubeconfig"
    file.write_text(json.dumps(config))
    return file


class Release:
    """The programs of an installed release."""

    def __init__(self, binaries, *arguments):
        self._folder = tempfile.TemporaryDirectory(prefix="faisca-chart-", dir="/tmp")  # short: a socket's path has 107 characters
        self.folder = Path(self._folder.name)
        self._binaries = binaries
        self.objects = helm.render(*arguments)
        server.upgrade(*arguments)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def container(self, workload, name):
        template = next(template for found, _, template in pods(self.objects) if found == workload)
        return next(container for container in template["spec"]["containers"] if container["name"] == name)

    def gateway(self):
        return Program(self._binaries, self.container("faisca-gateway", "gateway"), "faisca-gateway", self.folder,
                       FAISCA_ADDRESS="127.0.0.1", FAISCA_PORT="0", FAISCA_REACTORS="1")

    def operator(self, **more):
        runtimes = self.folder / "runtimes"
        runtimes.mkdir(exist_ok=True)
        for name, text in self.objects[("ConfigMap", helm.NAMESPACE, "faisca-runtimes")]["data"].items():
            (runtimes / name).write_text(text)
        return Program(self._binaries, self.container("faisca-operator", "operator"), "faisca-operator", self.folder,
                       **{"FAISCA_ADDRESS": "127.0.0.1", "FAISCA_PORT": "0", "FAISCA_RUNTIMES": str(runtimes), **more})

    @property
    def socket(self):
        return f"unix:{self.folder}/agent.sock"

    def agent(self):
        return Program(self._binaries, self.container("faisca-agent", "agent"), "", self.folder, FAISCA_LISTEN=self.socket)

    def device_plugin(self, node):
        kubelet = self.folder / "kubelet"
        kubelet.mkdir(exist_ok=True)
        return Program(self._binaries, self.container("faisca-agent", "device-plugin"), "faisca-agent", self.folder,
                       FAISCA_ADDRESS="127.0.0.1", FAISCA_PORT="0", FAISCA_AGENT=self.socket, FAISCA_HOST_FOLDER=str(self.folder),
                       FAISCA_KUBELET_FOLDER=str(kubelet), NODE_NAME=node)
