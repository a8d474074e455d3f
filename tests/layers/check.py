#!/usr/bin/env python3
"""Checks who includes whom: lib/base <- api <- lib/* <- components; components never include each other. A source
includes its own header first, which proves that the header compiles alone.

Usage: check.py [ROOT]. Prints every include that breaks a rule and exits 1, or says how many were checked.
"""
import re
import sys
from pathlib import Path

HARDWARE = ["hw/regs", "hw/model", "hw/rtl", "hw/agent/device"]  # below the agent; simulators and tests may use them

# What a folder may include besides itself.
ALLOWED = {
    "lib/base": [],
    "lib/digest": ["lib/base"],
    "lib/process": ["lib/base"],
    "api": ["lib/base"],
    "lib": ["lib", "api"],
    "hw/regs": ["lib/base"],
    "hw/model": ["lib", "hw/regs"],
    "hw/rtl": ["hw/regs"],
    "hw/agent/device": ["lib", "hw/regs", "hw/rtl"],
    "hw/agent": ["lib", "api", *HARDWARE],
    "hw/sim": ["lib", *HARDWARE],
    "hw/tb": ["lib", *HARDWARE],
    "gateway": ["lib", "api"],
    "watchdog": ["lib", "api"],
    "operator": ["lib", "api"],
    "deviceplugin": ["lib", "api"],
    "cli": ["lib", "api"],
    "tests": [""],
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"')
SOURCES = {".h", ".cpp", ".c"}


def owner(path):
    """The longest rule that covers `path`."""
    folders = [rule for rule in ALLOWED if path == rule or path.startswith(rule + "/")]
    return max(folders, key=len, default=None)


def breaks(source, target):
    """Why `source` may not include `target`, or None."""
    rule, goal = owner(source), owner(target)
    if rule is None or goal is None or rule == goal or source.endswith("_test.cpp") and goal == "tests":
        return None
    for allowed in ALLOWED[rule]:
        if allowed == "" or target.startswith(allowed + "/"):
            return None
    return f"{rule} may include {', '.join(ALLOWED[rule]) or 'nothing else'}"


def main(root):
    checked, broken = 0, []
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root).as_posix()
        if path.suffix not in SOURCES or relative.split("/")[0] in {"build", "bin", "templates", "samples"}:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match or not (root / match[1]).exists():
                continue  # generated or a library's
            checked += 1
            if reason := breaks(relative, match[1]):
                broken.append(f"{relative}:{number}: includes {match[1]}: {reason}")
        own = path.with_suffix(".h")
        if path.suffix == ".cpp" and own.exists():
            first = next((INCLUDE.match(line)[1] for line in path.read_text(errors="replace").splitlines() if INCLUDE.match(line)), "")
            if first != own.relative_to(root).as_posix():
                broken.append(f"{relative}: includes {first or 'nothing'} before its own header")
        if path.name != "main.cpp" and relative.split("/")[0] in {"lib", "api", "gateway", "watchdog", "cli", "operator", "deviceplugin"}:
            if not relative.endswith(("_test.cpp", "_fuzz.cpp")) and "/testing/" not in relative and re.search(r"\b(std::)?getenv\(", path.read_text(errors="replace")):
                broken.append(f"{relative}: reads the environment; only main.cpp does")
    print("\n".join(broken))
    print(f"{checked} includes checked, {len(broken)} broken")
    return 1 if broken or not checked else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
