"""Load by wrk: a bounded run, its rate and latencies."""
import re
import subprocess
from dataclasses import dataclass

UNITS = {"us": 1.0, "ms": 1e3, "s": 1e6}
BODY_SCRIPT = 'wrk.method = "POST"\nwrk.body = "0123456789abcdef"\nwrk.headers["Content-Type"] = "text/plain"\n'


@dataclass
class Run:
    requests: int
    rate: float  # requests per second
    p50_us: float
    p99_us: float
    failed: int


def post(url, folder, connections, seconds, core=1):
    """POSTs 16 bytes on keep-alive connections."""
    script = folder / "post.lua"
    script.write_text(BODY_SCRIPT)
    argv = ["taskset", "-c", str(core), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script, url]
    text = subprocess.run(list(map(str, argv)), capture_output=True, text=True, check=True, timeout=seconds + 30).stdout

    def latency(percent):
        value, unit = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)", text).groups()
        return float(value) * UNITS[unit]

    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    failed = (int(bad[1]) if bad else 0) + (sum(map(int, errors.groups())) if errors else 0)
    return Run(int(re.search(r"(\d+) requests in", text)[1]), float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
               latency(50), latency(99), failed)
