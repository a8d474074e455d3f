#!/usr/bin/env python3
"""Writes tests/conformance/vectors: one file for each instruction of RFC 9669, one for each trap, one for each refusal.

Expected values are worked out here, from the text of the RFC, with Python's integers: nothing is taken from the model.
Run it again after a change and commit what it writes; `--check` only says whether the files are up to date.
"""
import argparse
import pathlib
import sys

from generator import arithmetic, memory, rules
from generator.cases import FILES

ROOT = pathlib.Path(__file__).resolve().parent / "vectors"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file would change")
    check = parser.parse_args().check
    for generate in (arithmetic.generate_alu, arithmetic.generate_byte_order, arithmetic.generate_jumps, memory.generate_memory,
                     memory.generate_atomics, memory.generate_calls, memory.generate_maps, rules.generate_traps, rules.generate_errors):
        generate()
    wanted = {ROOT / f"{name}.data": text for name, text in FILES.items()}
    present = set(ROOT.rglob("*.data"))
    stale = sorted(present - wanted.keys()) + sorted(p for p, t in wanted.items() if not p.exists() or p.read_text() != t)
    if check:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date")
        return 1 if stale else 0
    for path in present - wanted.keys():
        path.unlink()
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    print(f"{len(wanted)} files in {ROOT.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
