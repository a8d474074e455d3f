"""Every expression of the gateway's dashboards has an answer, and every alert fires when it should: asked of a Prometheus that
scrapes the embedded platform while it works."""
import re
import subprocess
import sys
import unittest
from pathlib import Path

import helm
from answers import Answers
from prometheus import Prometheus

sys.path.insert(0, str(helm.ROOT / "tests/e2e"))
from support import functions  # noqa: E402
from support.platform import Platform  # noqa: E402

HERE = Path(__file__).parent
ALERTS = helm.CHART / "files/alerts.yaml"


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
