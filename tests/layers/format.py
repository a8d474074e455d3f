#!/usr/bin/env python3
"""Every C++ source stands as clang-format would write it. Usage: format.py [ROOT]; `./dev fmt` mends what it names."""
import subprocess
import sys
from pathlib import Path

SKIPPED = {"build", "bin", ".git"}


def sources(root):
    return sorted(path for path in root.rglob("*")
                  if path.suffix in {".h", ".cpp"} and path.relative_to(root).parts[0] not in SKIPPED)


def main(root):
    files = sources(root)
    done = subprocess.run(["clang-format-19", "--dry-run", "-Werror", *files], capture_output=True, text=True)
    wrong = sorted({line.split(":")[0] for line in done.stderr.splitlines() if "clang-formatted" in line})
    print("\n".join(wrong))
    print(f"{len(files)} files, {len(wrong)} not formatted" + ("; run ./dev fmt" if wrong else ""))
    return 1 if wrong or done.returncode or not files else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()))
