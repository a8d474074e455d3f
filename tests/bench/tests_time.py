"""How long the last `./dev test` took; it writes its own times, because a benchmark cannot run the tests that run it."""
import json

from figure import Figure


def measure(context):
    path = context.root / "build" / "test-times.json"
    times = json.loads(path.read_text()) if path.exists() else {}
    return [Figure(f"full ./dev test, {kind}", times.get(kind), "min", f"<= {goal}", "lower",
                   met=times[kind] <= goal if kind in times else None,
                   note="" if kind in times else "run ./dev test first")
            for kind, goal in (("cold", 40), ("warm", 15))]
