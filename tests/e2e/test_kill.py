"""kill -9 of any process: it serves again, and nothing is left serving beside it."""
import os
import signal
import unittest

from support.functions import FOUR, bash, compile_bpf, offload
from support.platform import Platform
from support.processes import alive
from support.wait import until


def kill(pids):
    assert pids, "no such process"
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


class KillNine(unittest.TestCase):
    def setUp(self):
        self.platform = self.enterContext(Platform())
        self.platform.deploy(bash("hello", "echo hello"))
        self.platform.deploy(offload("four", compile_bpf(FOUR)))

    def serves(self):
        self.platform.answers("hello", b"", b"hello\n", timeout=30)
        until(lambda: self.platform.invoke("four").body.strip() == b"4", 30, "four answers")

    def shape(self):
        """How many of which program there are."""
        names = [process.name for process in self.platform.processes()]
        return {name: names.count(name) for name in set(names) if name.startswith("faisca")}

    def killed_and_back(self, name):
        self.serves()
        before = self.shape()
        old = self.platform.pids(name)
        kill(old)
        self.serves()
        until(lambda: self.shape() == before, 30, f"the same processes as before: {before}")
        self.assertFalse(old & self.platform.pids(name))

    def test_watchdog(self):
        self.killed_and_back("faisca-watchdog")

    def test_offload_watchdog(self):
        self.killed_and_back("faisca-watchdog-offload")

    def test_agent(self):
        self.killed_and_back("faisca-agent")

    def test_gateway(self):
        self.killed_and_back("faisca-gateway")

    def test_every_one_in_turn_many_times(self):
        before = self.shape()
        for _ in range(3):
            for name in ("faisca-watchdog", "faisca-gateway", "faisca-agent"):
                kill(self.platform.pids(name))
                self.serves()
        until(lambda: self.shape() == before, 30, f"the same processes as before: {before}")

    def test_handler(self):
        self.platform.deploy(bash("suicide", "kill -9 $$"))
        response = self.platform.invoke("suicide")
        self.assertEqual(response.status, 500, response)
        self.assertIn("9", response.text)
        self.serves()

    def test_up_takes_everything_along_and_a_new_one_serves(self):
        old = {process.pid for process in self.platform.processes()}
        self.platform.process.kill()
        self.platform.process.wait()
        until(lambda: not any(alive(pid) for pid in old), 20, "everything ended with faisca up")
        self.platform.start()
        self.serves()

    def test_a_detached_grandchild_does_not_outlive_its_watchdog(self):
        self.platform.deploy(bash("leaver", "setsid sleep 987 >/dev/null 2>&1 </dev/null & echo started"))
        self.platform.answers("leaver", b"", b"started\n")
        kill(self.platform.pids("faisca-watchdog"))
        until(lambda: not any("987" in process.arguments for process in self.platform.processes()), 20, "no sleep is left")


if __name__ == "__main__":
    unittest.main()
