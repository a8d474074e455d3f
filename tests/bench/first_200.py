"""Applies the manifest on stdin with kubectl and POSTs to URL until it answers 200: first_200.py URL. Prints the seconds that took.

Runs in the network of a node. Asking begins before kubectl does, so that no time is lost between the answers of both.
"""
import http.client
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

GIVE_UP = 120
PAUSE = 0.005


class Asking(threading.Thread):
    def __init__(self, url):
        super().__init__()
        self.target = urlsplit(url)
        self.answered = None  # when
        self.last = "nothing"
        self.give_up = time.monotonic() + GIVE_UP

    def run(self):
        while time.monotonic() < self.give_up:
            self.last = self.ask()
            if self.last == 200:
                self.answered = time.monotonic()
                return
            time.sleep(PAUSE)

    def ask(self):
        # An address that is not there yet may swallow packets; one that holds the request until it can answer may take longer.
        connection = http.client.HTTPConnection(self.target.hostname, self.target.port or 80, timeout=0.25)
        try:
            connection.connect()
            connection.sock.settimeout(30)
            connection.request("POST", self.target.path or "/", b"Ada")
            return connection.getresponse().status
        except (OSError, http.client.HTTPException) as failure:
            return repr(failure)
        finally:
            connection.close()


def main(url):
    manifest = sys.stdin.read()
    asking = Asking(url)
    asking.start()
    began = time.monotonic()
    applied = subprocess.run(["kubectl", "apply", "-f", "-"], input=manifest, capture_output=True, text=True, timeout=60)
    if applied.returncode != 0:
        asking.give_up = 0
        sys.exit(f"kubectl apply: {applied.stderr.strip()}")
    asking.join()
    if asking.answered is None:
        sys.exit(f"{url} has not answered 200 in {GIVE_UP} s; the last answer: {asking.last}")
    print(asking.answered - began)


main(*sys.argv[1:])
