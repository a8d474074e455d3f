"""HTTP as the gateway speaks it: strict about framing, streaming both ways."""
import hashlib
import http.client
import os
import socket
import subprocess
import threading
import unittest

from support.functions import bash
from support.platform import Platform
from support.raw_http import exchange, status_of, statuses

MEBI = 1 << 20
HEAD = b"POST /function/echo HTTP/1.1\r\nHost: x\r\n"

# Each could be understood in two ways by two servers: the classic ways to smuggle a request.
SMUGGLING = {
    "both lengths": HEAD + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two different lengths": HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "list of different lengths": HEAD + b"Content-Length: 1, 2\r\n\r\nxx",
    "length with a sign": HEAD + b"Content-Length: +1\r\n\r\nx",
    "negative length": HEAD + b"Content-Length: -1\r\n\r\n",
    "length in hexadecimal": HEAD + b"Content-Length: 0x1\r\n\r\nx",
    "length beyond 64 bits": HEAD + b"Content-Length: 18446744073709551617\r\n\r\nx",
    "empty length": HEAD + b"Content-Length:\r\n\r\n",
    "space before the colon": HEAD + b"Content-Length : 1\r\n\r\nx",
    "space before the colon of the coding": HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "tab in a field name": HEAD + b"Transfer\tEncoding: chunked\r\n\r\n0\r\n\r\n",
    "coding that is not last": HEAD + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
    "chunked twice": HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "folded line": HEAD + b"X-A: 1\r\n Content-Length: 5\r\n\r\n",
    "bare line feed in the head": HEAD + b"X-A: 1\nContent-Length: 1\r\n\r\nx",
    "NUL in a value": HEAD + b"X-A: a\0b\r\n\r\n",
    "bare carriage return in a value": HEAD + b"X-A: a\rb\r\n\r\n",
    "no name before the colon": HEAD + b": x\r\n\r\n",
    "chunk size that is no number": HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nx\r\n0\r\n\r\n",
    "chunk size with a prefix": HEAD + b"Transfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n",
    "chunk size with a sign": HEAD + b"Transfer-Encoding: chunked\r\n\r\n+1\r\nx\r\n0\r\n\r\n",
    "chunk size beyond 64 bits": HEAD + b"Transfer-Encoding: chunked\r\n\r\n10000000000000001\r\nx\r\n0\r\n\r\n",
    "chunk longer than its size": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n",
    "chunk ended by a bare line feed": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\nx\r\n0\r\n\r\n",
    "HTTP/1.1 without a host": b"GET /function/echo HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /function/echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "space in the target": b"GET /function/echo x HTTP/1.1\r\nHost: a\r\n\r\n",
    "leading space": b" GET /function/echo HTTP/1.1\r\nHost: a\r\n\r\n",
}


class Framing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.platform = cls.enterClassContext(Platform())
        cls.platform.deploy(bash("echo", "cat", maxBodyBytes="64Mi"))

    def test_smuggling_shapes_are_400_and_end_the_connection(self):
        follower = b"GET /function/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
        for name, request in SMUGGLING.items():
            with self.subTest(name):
                answer = exchange(self.platform.port, request + follower, timeout=5)
                self.assertEqual(status_of(answer), 400, answer[:200])
                self.assertEqual(len(statuses(answer)), 1, "what follows must not be read as a request")

    def test_a_coding_that_nobody_knows_is_refused(self):
        for coding in (b"xchunked", b"gzip, chunked", b"identity"):
            answer = exchange(self.platform.port, HEAD + b"Transfer-Encoding: %s\r\n\r\n0\r\n\r\n" % coding, timeout=5)
            self.assertIn(statuses(answer), ([400], [501]), coding)  # RFC 9112 section 6.1

    def test_pipelined_requests_are_answered_in_order(self):
        bodies = [b"first", b"second", b"", b"fourth"]
        requests = b"".join(HEAD + b"Content-Length: %d\r\n%s\r\n%s" % (len(body), b"Connection: close\r\n" if last else b"", body)
                            for body, last in zip(bodies, (False, False, False, True)))
        answer = exchange(self.platform.port, requests)
        self.assertEqual(statuses(answer), [200] * 4)
        places = [answer.find(body) for body in bodies if body]
        self.assertNotIn(-1, places)
        self.assertEqual(places, sorted(places))

    def test_chunked_bodies_arrive_whole_however_they_are_cut(self):
        head = HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        body = b"5;name=value\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\nTrailer-Field: x\r\n\r\n"
        whole = head + body
        for cut in (1, 7, len(whole)):
            answer = exchange(self.platform.port, [whole[i:i + cut] for i in range(0, len(whole), cut)])
            self.assertEqual(status_of(answer), 200)
            self.assertIn(b"hello world", answer)

    def test_connections_are_kept(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.platform.port, timeout=20)
        for i in range(5):
            connection.request("POST", "/function/echo", body=str(i))
            self.assertEqual(connection.getresponse().read(), str(i).encode())
            self.assertIsNotNone(connection.sock, "kept")
        connection.close()

    def test_head_has_no_body(self):
        answer = exchange(self.platform.port, b"HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        self.assertEqual(status_of(answer), 200)
        self.assertTrue(answer.endswith(b"\r\n\r\n"))

    def test_call_id_and_start_time_are_given(self):
        made = self.platform.invoke("echo", b"x")
        self.assertTrue(made.headers["X-Call-Id"])
        self.assertRegex(made.headers["X-Start-Time"], r"^\d{19}$")
        kept = self.platform.invoke("echo", b"x", headers={"X-Call-Id": "mine"})
        self.assertEqual(kept.headers["X-Call-Id"], "mine")


class Streaming(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.platform = cls.enterClassContext(Platform())
        cls.platform.deploy(bash("echo", "cat", maxBodyBytes="64Mi"))
        cls.platform.deploy(bash("zeros", "head -c 50331648 /dev/zero"))

    def gateway_rss(self):
        (pid,) = self.platform.pids("faisca-gateway")
        with open(f"/proc/{pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) * 1024

    def echo(self, body):
        """Sends and receives at the same time, as http.client cannot."""
        command = ["curl", "-sSf", "--max-time", "60", "-H", "Expect:", "--data-binary", "@-", f"{self.platform.url}/function/echo"]
        done = subprocess.run(command, input=body, capture_output=True, timeout=90)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_a_big_body_comes_back_the_same(self):
        body = os.urandom(24 * MEBI)
        self.assertEqual(hashlib.sha256(self.echo(body)).digest(), hashlib.sha256(body).digest())

    def test_the_gateway_never_holds_a_body_whole(self):
        before = self.gateway_rss()
        self.assertEqual(len(self.platform.invoke("zeros").body), 48 * MEBI)
        self.assertEqual(len(self.echo(b"x" * 24 * MEBI)), 24 * MEBI)
        self.assertLess(self.gateway_rss() - before, 12 * MEBI)

    def test_the_answer_begins_before_the_request_has_ended(self):
        # More than the watchdog waits for before it starts the handler and streams (docs/reference/config.md).
        with socket.create_connection(("127.0.0.1", self.platform.port), timeout=20) as client:
            client.sendall(b"POST /function/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 16777216\r\nConnection: close\r\n\r\n")
            first = []

            def receive():
                first.append(client.recv(1000))

            reader = threading.Thread(target=receive)
            reader.start()
            sent = 0
            while sent < 15 * MEBI and not first:
                client.sendall(b"x" * 65536)
                sent += 65536
            reader.join(timeout=20)
            self.assertTrue(first and first[0].startswith(b"HTTP/1.1 200"), first)
            self.assertLess(sent, 16 * MEBI)

    def test_a_slow_reader_holds_nothing_up(self):
        with socket.create_connection(("127.0.0.1", self.platform.port), timeout=20) as slow:
            slow.sendall(b"GET /function/zeros HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            self.assertTrue(slow.recv(100).startswith(b"HTTP/1.1 200"))
            for _ in range(20):
                self.assertEqual(self.platform.invoke("echo", b"quick").body, b"quick")


if __name__ == "__main__":
    unittest.main()
