"""Asks a Prometheus everything that a dashboard asks."""
import json
import re
import time
import unittest

import helm

DASHBOARDS = helm.CHART / "files/dashboards"
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
