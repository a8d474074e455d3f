#!/usr/bin/env python3
"""Makes the Grafana dashboards of the chart (deploy/helm/faisca/files/dashboards) from the panels listed in panels.py.

Usage: dashboards.py [--update]. Without --update it compares and exits 1 on a difference.
"""
import argparse
import json
import sys

import helm
from panels import DASHBOARDS

OUT = helm.CHART / "files/dashboards"
WIDTH = 24  # Grafana's grid
SOURCE = {"type": "prometheus", "uid": "${source}"}


def variable_of_source():
    return {"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus"}


def variable(name, label, query):
    return {"name": name, "label": label, "type": "query", "datasource": SOURCE, "query": {"query": query, "refId": name},
            "refresh": 2, "sort": 1, "includeAll": False, "multi": False}


def panel(number, place, given):
    kind = given.get("kind", "timeseries")
    defaults = {"unit": given.get("unit", "short"), "min": 0}
    if given.get("unit") == "percentunit":
        defaults["max"] = 1
    made = {
        "id": number, "title": given["title"], "description": given["text"], "type": kind, "datasource": SOURCE, "gridPos": place,
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "targets": [{"refId": chr(ord("A") + index), "datasource": SOURCE, "expr": expression, "legendFormat": legend,
                     **({"format": "table", "instant": True} if kind == "table" else {})}
                    for index, (expression, legend) in enumerate(given["lines"])],
    }
    if kind == "timeseries":
        made["options"] = {"legend": {"displayMode": "list", "placement": "bottom"}, "tooltip": {"mode": "multi"}}
        defaults["custom"] = {"fillOpacity": 10, "showPoints": "never", **({"stacking": {"mode": "normal"}} if given.get("stack") else {})}
    return made


def dashboard(name, given):
    panels, x, y = [], 0, 0
    for number, item in enumerate(given["panels"], 1):
        width, height = item.get("width", 12), 4 if item.get("kind") == "stat" else 8
        if x + width > WIDTH:
            x, y = 0, y + panels[-1]["gridPos"]["h"]
        panels.append(panel(number, {"x": x, "y": y, "w": width, "h": height}, item))
        x += width
    return {
        "uid": f"faisca-{name}", "title": f"Faisca / {given['title']}", "description": given["text"], "tags": ["faisca"],
        "schemaVersion": 39, "editable": True, "refresh": "10s", "time": {"from": "now-1h", "to": "now"}, "timezone": "browser",
        "templating": {"list": [variable_of_source(), *(variable(*entry) for entry in given.get("variables", []))]},
        "links": [{"title": "Faisca", "type": "dashboards", "tags": ["faisca"], "asDropdown": True}],
        "panels": panels,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    made = {f"{name}.json": json.dumps(dashboard(name, given), indent=1) + "\n" for name, given in DASHBOARDS.items()}
    OUT.mkdir(parents=True, exist_ok=True)
    if options.update:
        for path in OUT.glob("*.json"):
            path.unlink()
        for name, text in made.items():
            (OUT / name).write_text(text)
    there = {path.name: path.read_text() for path in OUT.glob("*.json")}
    differing = sorted(name for name in made.keys() | there.keys() if made.get(name) != there.get(name))
    for name in differing:
        print(f"{OUT.relative_to(helm.ROOT)}/{name} is not what panels.py says: dashboards.py --update")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
