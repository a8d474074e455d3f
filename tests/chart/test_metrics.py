"""Every expression of a dashboard has an answer, and every alert fires when it should: asked of a Prometheus that scrapes the
binaries of this build while they work."""
import json
import re
import subprocess
import sys
import time
import unittest
from pathlib import Path

import helm
from prometheus import Prometheus

sys.path.insert(0, str(helm.ROOT / "tests/e2e"))
from support import functions  # noqa: E402
from support.platform import Platform  # noqa: E402

HERE = Path(__file__).parent
DASHBOARDS = helm.CHART / "files/dashboards"
ALERTS = helm.CHART / "files/alerts.yaml"
SECONDS = 30


def expressions(name):
    """(panel's title, PromQL) of a dashboard as it is installed, with Grafana's variables filled in."""
    dashboard = json.loads((DASHBOARDS / name).read_text())
    for panel in dashboard["panels"]:
        for target in panel["targets"]:
            text = target["expr"].replace("$__rate_interval", "30s").replace("$function", "works.openfaas-fn")
            if left := re.search(r"\$\w+", text):
                raise AssertionError(f"{name}: {panel['title']}: unknown variable {left[0]}")
            yield panel["title"], text


def variables(name):
    """(metric, label) of each variable's query."""
    dashboard = json.loads((DASHBOARDS / name).read_text())
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            yield re.fullmatch(r"label_values\((\w+), (\w+)\)", variable["query"]["query"]).groups()


class Answers(unittest.TestCase):
    def check(self, prometheus, name):
        """Every expression of the dashboard has a number, some seconds after the counting began."""
        waiting = list(expressions(name))
        self.assertTrue(waiting)
        end = time.monotonic() + SECONDS
        while waiting and time.monotonic() < end:
            self.work()
            waiting = [(title, text) for title, text in waiting if not self.answered(prometheus, text)]
        self.assertEqual([], waiting, f"{name}: no answer")
        for metric, label in variables(name):
            self.assertTrue(all(label in labels for labels, _ in prometheus.query(metric)), f"{metric} has no {label}")
            self.assertTrue(prometheus.query(metric), metric)

    @staticmethod
    def answered(prometheus, text):
        return any(value == value for _, value in prometheus.query(text))  # not NaN

    def work(self):
        raise NotImplementedError


class Gateway(Answers):
    def work(self):
        self.platform.post("/function/works", b"x")
        self.platform.post("/function/fails", b"x")
        self.platform.get("/system/functions")

    def test_overview_and_function_have_answers(self):
        with Platform() as self.platform:
            self.platform.deploy(functions.bash("works", "cat"))
            self.platform.deploy(functions.bash("fails", "exit 1"))
            with Prometheus({"gateway": f"127.0.0.1:{self.platform.port}"}) as prometheus:
                self.check(prometheus, "overview.json")
                self.check(prometheus, "function.json")


class Alerts(unittest.TestCase):
    def promtool(self, *arguments):
        done = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60, cwd=HERE)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)

    def test_the_rules_are_well_formed(self):
        self.promtool("check", "rules", "--lint=all", "--lint-fatal", ALERTS)

    def test_each_alert_fires_when_it_should_and_only_then(self):
        self.promtool("test", "rules", HERE / "alerts_test.yaml")

    def test_each_alert_has_a_case(self):
        names = set(re.findall(r"- alert: (\w+)", ALERTS.read_text()))
        cases = re.findall(r"alertname: (\w+)\n\s+exp_alerts:(?! \[\])", (HERE / "alerts_test.yaml").read_text())
        self.assertEqual(names, set(cases))


if __name__ == "__main__":
    unittest.main()
