"""faisca-operator as a process of a test: started on a free port, ended by its process id."""
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

PATIENCE = 60  # seconds, for tests that fail


def until(holds, what, patience=PATIENCE):
    """Waits until `holds()` is true and returns what it gave; AssertionError names `what` otherwise."""
    end = time.monotonic() + patience
    while True:
        value = holds()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"after {patience} s: {what() if callable(what) else what}")
        time.sleep(0.05)


class Operator:
    def __init__(self, program, kubeconfig, log, *settings):
        self.log = Path(log)
        with open(self.log, "wb") as file:
            self.process = subprocess.Popen([program, "--kubeconfig", kubeconfig, "--address", "127.0.0.1", "--port", "0", *settings],
                                            stderr=file, stdout=file, env={"PATH": os.environ["PATH"]})
        self.port = until(self._port, lambda: f"no port in the log:\n{self.said()}")

    def _port(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the operator ended with {self.process.returncode}:\n{self.said()}")
        return next((line["port"] for line in self.lines() if line.get("message") == "operator starts"), None)

    def said(self):
        return self.log.read_text(errors="replace")

    def lines(self):
        out = []
        for line in self.said().splitlines():
            try:
                out.append(json.loads(line))
            except ValueError:  # being written
                pass
        return out

    def http(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def metrics(self):
        """{name{labels}: value}."""
        out = {}
        for line in self.http("/metrics")[1].splitlines():
            if line and not line.startswith("#"):
                name, value = line.rsplit(" ", 1)
                out[name] = float(value)
        return out

    def writes(self):
        """Requests that changed something, without the leader's lease."""
        return sum(value for name, value in self.metrics().items() if name.startswith("faisca_operator_writes_total") and '"leases"' not in name)

    def child_writes(self):
        """Of those, to functions' children, and successful."""
        return sum(value for name, value in self.metrics().items() if name.startswith("faisca_operator_writes_total")
                   and 'outcome="ok"' in name and any(f'resource="{plural}"' in name for plural in ("deployments", "services", "configmaps")))

    def leads(self):
        return self.process.poll() is None and self.metrics().get("faisca_operator_leader") == 1

    def rss_mib(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1024

    def cpu_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self, number=signal.SIGTERM):
        """Its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)
