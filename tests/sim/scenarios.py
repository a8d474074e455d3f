"""The packet functions of templates/xdp with maps that fit the traffic `faisca sim` makes up.

Flow f of port p goes from 10.p.(f high).(f low) to the same flow of the next port, over UDP to port 9.
"""
import json
import struct
from dataclasses import dataclass
from pathlib import Path

PORTS = 4
LINE_RATE = 59.4  # Mpps of 60-byte packets on four ports: 59.52, less what the edges of a short run cost


def entry(key, value):
    return {"key": key.hex(), "value": value.hex()}


def address(port, flow=0):
    return bytes([10, port, flow >> 8, flow & 0xFF])


def mac(port, flow=0):
    return bytes([2, 0, 0, port]) + struct.pack(">H", flow)


def flows_of(count):
    return [(port, flow) for port in range(PORTS) for flow in range(count)]


def devmap(entries):
    return [entry(struct.pack("<I", key), struct.pack("<I", interface)) for key, interface in entries]


def router(_flows):
    # Prefix 10.q.0.0/16 is behind port q, which is interface q + 1.
    return {"routes": [entry(struct.pack("<I", 16) + address(q), mac(q) + mac(9) + struct.pack("<I", q + 1))
                       for q in range(PORTS)]}


def router_ipv4(flows):
    return {"routes": [entry(struct.pack("<I", 16) + address(q), struct.pack("<II", 0, q)) for q in range(PORTS)],
            "neighbours": [entry(address(q, f), mac(q, f) + b"\0\0") for q, f in flows_of(flows)],
            "own": [entry(struct.pack("<I", q), mac(9, q) + b"\0\0") for q in range(PORTS)],
            "ports": devmap((q, q + 1) for q in range(PORTS))}


def tunnel(flows):
    return {"services": [entry(address(q, f) + struct.pack(">H", 9) + struct.pack("<H", 17),
                               bytes([192, 0, 2, 1]) + bytes([192, 0, 2, 100 + q]) + mac(q) + b"\0\0")
                         for q, f in flows_of(flows)]}


@dataclass
class Scenario:
    name: str
    maps: object = lambda flows: {}
    mpps: float = LINE_RATE  # what it must process of 60-byte packets
    leaves: bool = True      # every packet leaves, but for the device's own drops
    flows: int = 16
    latency_ns: int = 0      # p50 at most, where there is a target

    def arguments(self, folder):
        """Options of faisca sim; writes the maps' files into `folder`."""
        options = ["--flows", str(self.flows)]
        for name, entries in self.maps(self.flows).items():
            path = Path(folder) / f"{self.name}.{name}.json"
            path.write_text(json.dumps(entries))
            options += ["--map", f"{name}={path}"]
        return options


SCENARIOS = [
    Scenario("wire", latency_ns=100),
    Scenario("l2_switch", lambda flows: {"ports": devmap((i, i) for i in range(1, PORTS + 1))}, leaves=False),
    Scenario("router", router),
    Scenario("ddos", lambda flows: {"blocked": [entry(address(p, f), bytes(8)) for p, f in flows_of(flows) if f % 2]},
             latency_ns=300, leaves=False),
    Scenario("simple_firewall", leaves=False),
    Scenario("xdp1", leaves=False),
    Scenario("xdp2"),
    Scenario("redirect_map", lambda flows: {"ports": devmap((i, i % PORTS + 1) for i in range(1, PORTS + 1))}),
    Scenario("rxq_info", lambda flows: {"action": [entry(bytes(4), struct.pack("<II", 3, 0))]}, mpps=50),
    Scenario("router_ipv4", router_ipv4, mpps=39),
    Scenario("tx_ip_tunnel", tunnel, mpps=28, leaves=False),
]
