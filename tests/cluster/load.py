"""Steady requests to one address from several connections, until stdin ends: load.py URL REQUESTS_PER_SECOND [BODY].

Prints {"requests": N, "failed": {"what": N}} then. A connection that the server has closed between two requests is opened again,
as every client does; a request that was sent and not answered with 200 has failed.
"""
import collections
import http.client
import json
import select
import sys
import threading
import time
from urllib.parse import urlsplit

CONNECTIONS = 8


class Load:
    def __init__(self, url, rate, body):
        self.target = urlsplit(url)
        self.pause = CONNECTIONS / rate
        self.body = body
        self.ended = threading.Event()
        self.lock = threading.Lock()
        self.answers = collections.Counter()

    def run(self):
        connection = http.client.HTTPConnection(self.target.hostname, self.target.port or 80, timeout=20)
        due = time.monotonic()
        while not self.ended.is_set():
            answer = self.ask(connection)
            with self.lock:
                self.answers[answer] += 1
            due += self.pause
            time.sleep(max(0, due - time.monotonic()))

    def ask(self, connection):
        try:
            if connection.sock and select.select([connection.sock], [], [], 0)[0]:
                connection.close()  # nothing is owed to us, so this is its end
            connection.request("POST", self.target.path, self.body)
            answer = connection.getresponse()
            answer.read()
            return str(answer.status)
        except (OSError, http.client.HTTPException) as failure:
            connection.close()
            return repr(failure)


def main(url, rate, body="Ada"):
    load = Load(url, float(rate), body.encode())
    threads = [threading.Thread(target=load.run) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    print("started", flush=True)
    sys.stdin.read()
    load.ended.set()
    for thread in threads:
        thread.join()
    failed = {what: count for what, count in load.answers.items() if what != "200"}
    print(json.dumps({"requests": load.answers.total(), "failed": failed}))


main(*sys.argv[1:])
