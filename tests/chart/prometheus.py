"""Debian's Prometheus on a free loopback port, for tests: scrapes what it is told and answers queries."""
import json
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from faisca_cluster.ports import free_ports

START_SECONDS = 30


class Prometheus:
    """A context. `targets`: job name to "host:port"."""

    def __init__(self, targets, rules=()):
        self._folder = tempfile.TemporaryDirectory(prefix="faisca-prometheus-")
        self._process = None
        self._config = {
            "global": {"scrape_interval": "500ms", "evaluation_interval": "1s"},
            "rule_files": [str(rule) for rule in rules],
            "scrape_configs": [{"job_name": name, "static_configs": [{"targets": [target]}]} for name, target in targets.items()],
        }

    def __enter__(self):
        folder = Path(self._folder.name)
        config = folder / "prometheus.yml"
        config.write_text(json.dumps(self._config))  # JSON is YAML
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        with open(folder / "log", "wb") as log:
            self._process = subprocess.Popen(["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/data",
                                              f"--web.listen-address=127.0.0.1:{port}", "--log.level=warn"], stdout=log, stderr=log)
        end = time.monotonic() + START_SECONDS
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/-/ready", timeout=5).close()
                return self
            except (urllib.error.URLError, OSError) as failure:
                if self._process.poll() is not None or time.monotonic() > end:
                    text = (folder / "log").read_text()
                    self.__exit__()
                    raise AssertionError(f"prometheus does not start: {failure}\n{text[-2000:]}") from None
                time.sleep(0.1)

    def __exit__(self, *_):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._folder.cleanup()

    def query(self, expression):
        """The samples: [(labels, number)]. An expression that Prometheus refuses is an error."""
        address = f"{self.url}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
        try:
            with urllib.request.urlopen(address, timeout=30) as answer:
                data = json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{expression}: {error.read().decode()}") from None
        if data["resultType"] == "scalar":
            return [({}, float(data["result"][1]))]
        return [(sample["metric"], float(sample["value"][1])) for sample in data["result"]]
