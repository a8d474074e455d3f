#!/usr/bin/env python3
"""deploy/samples is made from samples/ and templates/: greet holds the python3 template's handler, hello-ebpf the object that
samples/hello-ebpf/build.sh compiles (without its debug information), hello the image of samples/hello.

Usage: samples.py [--update]. Without --update it compiles and compares, and exits 1 on a difference.
"""
import argparse
import base64
import difflib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "deploy/samples"
HEAD = "# Made by tests/chart/samples.py.\napiVersion: faisca.dev/v1alpha1\nkind: Function\n"


def version():
    return re.search(r"^appVersion: (.+)$", (ROOT / "deploy/helm/faisca/Chart.yaml").read_text(), re.M)[1]


def hello():
    return f"""{HEAD}metadata: {{name: hello}}
spec:
  image: faisca.dev/hello:{version()}  # samples/hello with the watchdog
"""


def greet():
    code = (ROOT / "templates/python3/handler.py").read_text()
    lines = "".join(f"      {line}\n" if line else "\n" for line in code.splitlines())
    return f"""{HEAD}metadata: {{name: greet}}
spec:
  source:
    runtime: python3
    inline: |
{lines}"""


def compiled(sample):
    """The object that the sample's own recipe makes, without the debug information: it names the folder of the build."""
    folder = ROOT / "samples" / sample
    with tempfile.TemporaryDirectory() as out:
        subprocess.run(["sh", "-e", "build.sh"], cwd=folder, env={**os.environ, "OUT": out}, check=True)
        (built,) = Path(out).glob("*.o")
        subprocess.run(["llvm-strip-19", "-g", "-R", ".BTF", "-R", ".BTF.ext", "-R", ".rel.BTF.ext", "-R", ".llvm_addrsig", built], check=True)
        return built.read_bytes()


def hello_ebpf():
    text = base64.b64encode(compiled("hello-ebpf")).decode()
    return f"""{HEAD}metadata: {{name: hello-ebpf}}
spec:
  offload:
    convention: mem
    output: decimal
    object:
      # clang-19 -O2 -target bpf -mcpu=v4 of samples/hello-ebpf/hello.c
      inline: {text}
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    made = {"hello.yaml": hello(), "greet.yaml": greet(), "hello-ebpf.yaml": hello_ebpf()}
    wrong = {path.name for path in OUT.glob("*.yaml")} - set(made)
    for name in wrong:
        print(f"deploy/samples/{name} is made by nothing")
    for name, text in made.items():
        path = OUT / name
        if options.update:
            path.write_text(text)
            continue
        old = path.read_text() if path.exists() else ""
        sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), text.splitlines(True), f"deploy/samples/{name}", "sources"))
        wrong |= {name} if old != text else set()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
