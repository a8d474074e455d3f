"""Conformance vectors and the random comparison of RTL and model."""
import re
import subprocess

from figure import Figure


def vectors(context, target):
    done = subprocess.run([context.root / "tests/conformance/run", "--target", target, context.root / "tests/conformance/vectors"],
                          capture_output=True, text=True, timeout=1800)
    passed, failed, skipped = map(int, re.search(r"(\d+) passed, (\d+) failed, (\d+) skipped", done.stdout).groups())
    total = passed + failed + skipped
    return Figure(f"conformance vectors passed, {target}", passed, f"of {total}", "all", "higher", met=passed == total and total > 0)


def differential(context):
    done = subprocess.run([context.bin / "differential", "--targets", "model,rtl", "--instructions", "100000"], capture_output=True,
                          text=True, timeout=1800)
    retired = int(re.search(r"(\d+) instructions", done.stdout.replace(",", ""))[1])
    seed = re.search(r"seed[ =:]+(\d+)", done.stdout)
    met = done.returncode == 0 and retired >= 100000
    return Figure("RTL against model, instructions retired without a difference", retired, "instructions", ">= 100,000", "higher",
                  met=met, note=f"seed {seed[1]}" if seed else "")


def measure(context):
    return [vectors(context, "model"), vectors(context, "rtl"), differential(context)]
