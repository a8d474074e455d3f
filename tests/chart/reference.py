#!/usr/bin/env python3
"""Makes the chart's values.schema.json and docs/reference/chart.md from values.yaml, whose comments are the only place where a
value is described.

  # -- What the value is for. May go on in further comment lines.
  # @ {"pattern": "…"}           JSON Schema that is added to what the default shows (its type)
  key: default

Usage: reference.py [--update]. Without --update it compares and exits 1 on a difference.
"""
import argparse
import difflib
import json
import re
import sys

import helm

SCHEMA = helm.CHART / "values.schema.json"
PAGE = helm.ROOT / "docs/reference/chart.md"
LINE = re.compile(r"^( *)([A-Za-z0-9]+):(?: +(.*))?$")
NAME = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"
# Kubernetes' quantities: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
QUANTITY = {"type": ["string", "integer"], "pattern": r"^([0-9]+(\.[0-9]+)?)(m|k|Ki|M|Mi|G|Gi|T|Ti)?$"}
AMOUNTS = {"type": "object", "additionalProperties": {"$ref": "#/$defs/quantity"}}
TEXT = {"type": "string", "minLength": 1}
DEFS = {
    "quantity": {**QUANTITY, "description": "An amount such as 50m or 128Mi."},
    "resources": {
        "type": "object",
        "additionalProperties": False,
        "description": "Resources of a container.",
        "properties": {"requests": {**AMOUNTS, "description": "What is set aside."},
                       "limits": {**AMOUNTS, "description": "What is not exceeded."}},
    },
    "texts": {"type": "object", "description": "Keys with texts.", "additionalProperties": {"type": "string"}},
    "port": {"type": "integer", "minimum": 1, "maximum": 65535, "description": "A TCP port."},
    "seconds": {"type": "integer", "minimum": 0, "maximum": 3600, "description": "A time in seconds."},
    "tolerations": {
        "type": "array",
        "description": "Tolerations of a pod.",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "key": {"type": "string"}, "operator": {"enum": ["Exists", "Equal"]}, "value": {"type": "string"},
                "effect": {"enum": ["NoSchedule", "PreferNoSchedule", "NoExecute"]}, "tolerationSeconds": {"type": "integer"},
            },
        },
    },
    "runtimes": {
        "type": "object",
        "description": "Runtimes by name; null leaves one out.",
        "propertyNames": {"pattern": NAME, "maxLength": 63},
        "additionalProperties": {
            "type": ["object", "null"],
            "additionalProperties": False,
            "required": ["image", "file", "command"],
            "properties": {
                "image": {**TEXT, "description": "Image; without a slash, one of this release's images."},
                "file": {**TEXT, "pattern": "^[^/]+$", "description": "File that the source is written to."},
                "command": {"type": "array", "minItems": 1, "items": TEXT, "description": "Program and arguments that run the file."},
            },
        },
    },
}
TYPES = {bool: "boolean", int: "integer", str: "string", list: "array", dict: "object"}


class Value:
    """One described value: path from the root, default, sentence, extra schema."""

    def __init__(self, path, default, sentence, extra):
        self.path, self.default, self.sentence, self.extra = path, default, sentence, extra


def look_up(tree, path):
    for key in path:
        tree = tree[key]
    return tree


def read(text):
    """The described values in the order of the file."""
    defaults = helm.objects(text)[0]
    found, path, sentence, extra = [], [], [], ""
    skip_deeper_than = None
    for number, line in enumerate(text.splitlines(), 1):
        comment = line.strip()
        if comment.startswith("# -- "):
            sentence = [comment[5:]]
        elif comment.startswith("# @ "):
            extra = comment[4:]
        elif comment.startswith("# ") and sentence:
            sentence.append(comment[2:])
        elif match := LINE.match(line):
            depth = len(match[1]) // 2
            if skip_deeper_than is not None and depth > skip_deeper_than:
                continue
            skip_deeper_than = None
            path = path[:depth] + [match[2]]
            default = look_up(defaults, path)
            if sentence:
                try:
                    found.append(Value(tuple(path), default, " ".join(sentence), json.loads(extra or "{}")))
                except json.JSONDecodeError as error:
                    raise SystemExit(f"values.yaml:{number}: the schema of {'.'.join(path)} is not JSON: {error}") from error
                skip_deeper_than = depth
            elif not isinstance(default, dict) or not default:
                raise SystemExit(f"values.yaml:{number}: {'.'.join(path)} has no '# --' comment above it")
            sentence, extra = [], ""
    return found


def schema_of(value):
    schema = {"description": value.sentence}
    if "$ref" not in value.extra and "const" not in value.extra and "enum" not in value.extra:
        schema["type"] = TYPES[type(value.default)]
    return {**schema, **value.extra, "default": value.default}


def make_schema(values):
    root = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Values of the chart faisca",
        "description": "Made from values.yaml by tests/chart/reference.py.",
        "type": "object",
        "additionalProperties": False,
        # helm adds it for charts that are part of another chart
        "properties": {"global": {"type": "object", "description": "Values of a chart around this one; not read here."}},
        "$defs": DEFS,
    }
    for value in values:
        at = root
        for key in value.path[:-1]:
            at = at["properties"].setdefault(key, {"type": "object", "additionalProperties": False, "properties": {}})
        at["properties"][value.path[-1]] = schema_of(value)
    return json.dumps(root, indent=2, ensure_ascii=False) + "\n"


def kind(value):
    extra = value.extra
    if "enum" in extra:
        return " or ".join(f"`{choice}`" for choice in extra["enum"])
    if "const" in extra:
        return f"`{json.dumps(extra['const'])}`"
    if "$ref" in extra:
        return extra["$ref"].rsplit("/", 1)[1]
    text = {"boolean": "true or false", "string": "text", "array": "list"}.get(TYPES[type(value.default)], TYPES[type(value.default)])
    if "minimum" in extra and "maximum" in extra:
        text += f", {extra['minimum']} to {extra['maximum']}"
    return text


def make_page(values):
    out = ["# Values of the chart", "",
           "Made from `deploy/helm/faisca/values.yaml` by `tests/chart/reference.py --update`; a test compares. The schema beside that",
           "file refuses unknown keys and values of the wrong kind before anything is installed.", "",
           "[Guide](../guide/kubernetes.md) · [Why the chart is as it is](../design/0015-chart.md)"]
    section = None
    for value in values:
        top = value.path[0] if len(value.path) > 1 else ""
        if top != section:
            section = top
            out += ["", f"## {top}" if top else "## General", "", "| value | kind | default | meaning |", "|---|---|---|---|"]
        default = json.dumps(value.default, ensure_ascii=False) if value.default not in ("", [], {}) else "–"
        shown = default if default == "–" else f"`{default}`"
        meaning = value.sentence.replace("|", "\\|")
        out.append(f"| `{'.'.join(value.path)}` | {kind(value)} | {shown} | {meaning} |")
    return "\n".join(out) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    values = read((helm.CHART / "values.yaml").read_text())
    wrong = 0
    for path, text in ((SCHEMA, make_schema(values)), (PAGE, make_page(values))):
        if options.update:
            path.write_text(text)
            continue
        old = path.read_text() if path.exists() else ""
        name = str(path.relative_to(helm.ROOT))
        sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), text.splitlines(True), name, "values.yaml"))
        wrong |= old != text
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
