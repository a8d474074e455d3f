#!/usr/bin/env python3
"""docs/reference/config.md is what the binaries say of themselves (--help-markdown).

Usage: config_reference.py BIN_DIR [--update]. Without --update it compares and exits 1 on a difference.
"""
import argparse
import difflib
import subprocess
import sys
from pathlib import Path

BINARIES = ["faisca-gateway", "faisca-gateway-kubernetes", "faisca-watchdog", "faisca-watchdog-offload", "faisca-agent", "faisca-operator",
            "faisca-device-plugin"]
PAGE = Path(__file__).resolve().parents[2] / "docs/reference/config.md"
HEAD = """# Settings

Made from the binaries by `tests/docs/config_reference.py build/dev/bin --update`; a test compares. Each setting can stand in a YAML
file (`--config FILE`), in the environment and as a flag (`--read-timeout` for `read_timeout`); a flag is strongest.
Unknown settings and values that do not parse are refused at start.

"""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin", type=Path)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    text = HEAD + "".join(subprocess.run([options.bin / name, "--help-markdown"], capture_output=True, text=True, check=True).stdout
                          for name in BINARIES)
    if options.update:
        PAGE.write_text(text)
        return 0
    old = PAGE.read_text() if PAGE.exists() else ""
    sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), text.splitlines(True), "docs/reference/config.md", "binaries"))
    return int(old != text)


if __name__ == "__main__":
    sys.exit(main())
