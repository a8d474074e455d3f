"""`faisca up`: what a new user sees first, and what is left when it ends."""
import re
import signal
import socket
import subprocess
import time
import unittest

from support.functions import bash, internet_checksum
from support.platform import BIN, ROOT, Platform, temporary_home
from support.processes import processes_of
from support.wait import until

SECOND_START_SECONDS = 3.0


class FirstStart(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.platform = cls.enterClassContext(Platform(samples=ROOT / "samples"))

    def test_hello_greets_the_name_in_the_body(self):
        self.assertIn("Ada", self.platform.invoke("hello", b"Ada").text)

    def test_hello_ebpf_answers_four(self):
        self.assertEqual(self.platform.invoke("hello-ebpf").body.strip(), b"4")

    def test_checksum_answers_the_internet_checksum_of_the_body(self):
        for body in (b"", b"a", b"The quick brown fox", bytes(range(256)) * 5):
            self.assertEqual(self.platform.invoke("checksum", body).body.strip(), internet_checksum(body), body)

    def test_printed_curl_lines_work(self):
        lines = re.findall(r"^ +(curl .*?)(?: +#.*)?$", self.platform.said(), re.MULTILINE)
        self.assertEqual(len(lines), 3, self.platform.said())
        for line in lines:
            done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=30)
            self.assertEqual(done.returncode, 0, f"{line}: {done.stderr}")
            self.assertTrue(done.stdout.strip(), line)
            self.assertNotIn("error", done.stdout)


class Ending(unittest.TestCase):
    def end_with(self, number):
        with Platform() as platform:
            platform.deploy(bash("hello", "cat"))
            self.assertEqual(platform.invoke("hello", b"x").body, b"x")
            self.assertEqual(platform.stop(number), 0, platform.said())
            self.assertEqual(platform.processes(), [])
            self.assertEqual(platform.sockets(), [])
            with self.assertRaises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", platform.port), timeout=5)

    def test_sigterm_leaves_no_process_and_no_socket(self):
        self.end_with(signal.SIGTERM)

    def test_ctrl_c_leaves_no_process_and_no_socket(self):
        self.end_with(signal.SIGINT)

    def test_a_request_in_progress_is_finished_or_refused_but_the_end_comes(self):
        with Platform() as platform:
            platform.deploy(bash("sleeper", "sleep 600"))
            client = subprocess.Popen(["curl", "-sS", f"{platform.url}/function/sleeper"], stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL)
            try:
                until(lambda: any("sleep" in p.name or "sleep" in " ".join(p.arguments) for p in platform.processes()))
                self.assertEqual(platform.stop(), 0)
                self.assertEqual(platform.processes(), [])
            finally:
                client.kill()
                client.wait()


class SecondStart(unittest.TestCase):
    def test_finds_the_functions_again_in_under_three_seconds(self):
        home = temporary_home()
        try:
            with Platform(home=home) as first:
                first.deploy(bash("hello", "echo again"))
            started = time.monotonic()
            with Platform(home=home) as second:
                second.answers("hello", b"", b"again\n", timeout=SECOND_START_SECONDS)
                self.assertLess(time.monotonic() - started, SECOND_START_SECONDS)
        finally:
            subprocess.run(["rm", "-rf", home], check=True)

    def test_a_home_in_use_is_refused(self):
        with Platform() as platform:
            second = subprocess.run([BIN / "faisca", "up", "--port", "0", "--home", platform.home], capture_output=True,
                                    text=True, timeout=60)
            self.assertNotEqual(second.returncode, 0)
            self.assertIn("hint:", second.stderr)
            self.assertRegex(second.stderr, r"pid|process")
            self.assertEqual(platform.get("/healthz").status, 200)


class Neighbours(unittest.TestCase):
    def test_two_platforms_live_side_by_side(self):
        with Platform() as one, Platform() as other:
            one.deploy(bash("who", "echo one"))
            other.deploy(bash("who", "echo other"))
            self.assertEqual(one.invoke("who").body, b"one\n")
            self.assertEqual(other.invoke("who").body, b"other\n")
            one.stop()
            self.assertEqual(other.invoke("who").body, b"other\n")

    def test_a_taken_port_is_named(self):
        home = temporary_home()
        try:
            with socket.create_server(("127.0.0.1", 0)) as taken:
                port = taken.getsockname()[1]
                done = subprocess.run([BIN / "faisca", "up", "--port", str(port), "--home", home], capture_output=True,
                                      text=True, timeout=60)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn(str(port), done.stderr)
            self.assertIn("hint:", done.stderr)
            self.assertEqual(processes_of(home), [])
        finally:
            subprocess.run(["rm", "-rf", home], check=True)


if __name__ == "__main__":
    unittest.main()
