"""Free TCP ports of one address."""
import random
import socket

from .problem import Problem

# Below Linux's range for outgoing connections (32768 and up), so that no client takes one between our look and its use.
FIRST, LAST = 20000, 32000


def free_ports(count, address="127.0.0.1"):
    found = []
    for port in random.sample(range(FIRST, LAST), LAST - FIRST):
        with socket.socket() as probe:
            try:
                probe.bind((address, port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise Problem(f"no {count} free ports between {FIRST} and {LAST} on {address}")
