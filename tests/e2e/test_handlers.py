"""Handlers that misbehave, seen through the gateway: a clear answer, and the next request is served."""
import socket
import unittest

from support.functions import bash, function
from support.platform import Platform
from support.raw_http import exchange, status_of
from support.wait import until

MEBI = 1 << 20


class Misbehaviour(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.platform = cls.enterClassContext(Platform())
        for text in (
            bash("good", "cat"),
            bash("fails", "echo out; echo why >&2; exit 1"),
            bash("killed", "kill -TERM $$"),
            bash("deaf", "echo never read"),
            bash("closes", "exec 0<&-; echo closed"),
            bash("endless", "sleep 600", timeouts={"exec": "1s"}),
            bash("endless-output", "while :; do echo y || exit; done", timeouts={"exec": "2s"}),
            bash("leaves", "sleep 765 & echo done"),
            bash("slow", "sleep 5; echo slow"),
            bash("small", "wc -c", maxBodyBytes="1Ki"),
            bash("one", "read -r seconds; sleep $seconds", concurrency={"perInstance": 1}),
        ):
            cls.platform.deploy(text)

    def tearDown(self):
        self.assertEqual(self.platform.invoke("good", b"still here").body, b"still here")

    def running(self, word):
        return [process for process in self.platform.processes() if word in process.arguments]

    def test_exit_status_one_is_500_with_the_reason(self):
        response = self.platform.invoke("fails")
        self.assertEqual(response.status, 500)
        self.assertIn("why", response.text)
        self.assertRegex(response.text, r"exit\w* .*1")

    def test_killed_by_a_signal_is_500(self):
        response = self.platform.invoke("killed")
        self.assertEqual(response.status, 500)
        self.assertRegex(response.text, r"(?i)signal|killed|terminated")

    def test_a_handler_that_never_reads_answers(self):
        for size in (0, 10, 3 * MEBI):
            response = self.platform.invoke("deaf", b"x" * size)
            self.assertEqual((response.status, response.body), (200, b"never read\n"), size)

    def test_a_handler_that_closes_its_input_answers(self):
        self.assertEqual(self.platform.invoke("closes", b"x" * 2 * MEBI).body, b"closed\n")

    def test_a_handler_that_never_ends_is_killed(self):
        response = self.platform.invoke("endless")
        self.assertIn(response.status, (408, 504), response)
        until(lambda: not self.running("600"), 10, "the handler is gone")

    def test_output_that_never_ends_is_cut_off_and_not_passed_as_whole(self):
        raw = exchange(self.platform.port, b"GET /function/endless-output HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertNotEqual(raw[-5:], b"0\r\n\r\n", "a cut answer must not end like a whole one")

    def test_children_left_behind_do_not_stay(self):
        self.assertEqual(self.platform.invoke("leaves").status, 200)
        until(lambda: not self.running("765"), 10, "the child is gone")

    def test_a_client_that_goes_away_ends_the_handler(self):
        with socket.create_connection(("127.0.0.1", self.platform.port)) as client:
            client.sendall(b"POST /function/one HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n543\n")
            until(lambda: self.running("543"), 10, "the handler runs")
        until(lambda: not self.running("543"), 10, "the handler is gone")

    def test_a_client_that_stops_in_the_middle_of_the_body(self):
        with socket.create_connection(("127.0.0.1", self.platform.port)) as client:
            client.sendall(b"POST /function/good HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\n\r\n" + b"x" * 100_000)
        # tearDown proves that the next one is served.

    def test_more_than_the_concurrency_is_429(self):
        with socket.create_connection(("127.0.0.1", self.platform.port)) as client:
            client.sendall(b"POST /function/one HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n432\n")
            until(lambda: self.running("432"), 10, "the handler runs")
            self.assertEqual(self.platform.invoke("one", b"0\n").status, 429)
        until(lambda: self.platform.invoke("one", b"0\n").status == 200, 10, "there is room again")

    def test_a_body_over_the_limit_is_413(self):
        port = self.platform.port
        self.assertEqual(self.platform.invoke("small", b"x" * 1024).body.strip(), b"1024")
        declared = exchange(port, b"POST /function/small HTTP/1.1\r\nHost: x\r\nContent-Length: 1025\r\n\r\n", timeout=5)
        self.assertEqual(status_of(declared), 413)
        head = b"POST /function/small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        chunked = exchange(port, [head, b"400\r\n" + b"x" * 0x400 + b"\r\n", b"1\r\nx\r\n0\r\n\r\n"], timeout=5)
        self.assertEqual(status_of(chunked), 413)

    def test_an_unknown_function_is_404_and_says_so(self):
        response = self.platform.invoke("nobody")
        self.assertEqual(response.status, 404)
        self.assertIn("nobody", response.text)

    def test_a_missing_handler_is_refused_at_deploy(self):
        done = self.platform.cli("deploy", "-f", "-", data=function("ghost", handler={"command": ["/no/such/program"]}))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("/no/such/program", done.stderr)
        self.assertEqual(self.platform.invoke("ghost").status, 404)


if __name__ == "__main__":
    unittest.main()
