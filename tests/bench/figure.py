"""A measured figure: what the benchmarks print and write to JSON."""
import statistics
from dataclasses import asdict, dataclass
from typing import Optional


@dataclass
class Figure:
    name: str
    value: Optional[float]
    unit: str
    goal: str  # for people: "<= 1.2"
    better: str  # "higher" or "lower"
    peer: str = ""
    peer_value: Optional[float] = None
    ratio: Optional[float] = None
    met: Optional[bool] = None
    note: str = ""

    def row(self):
        def number(value):
            return "-" if value is None else f"{value:,.2f}".rstrip("0").rstrip(".")

        verdict = {True: "yes", False: "NO", None: "-"}[self.met]
        peer = f"{self.peer} {number(self.peer_value)}" if self.peer else "-"
        return [self.name, f"{number(self.value)} {self.unit}", self.goal, peer, number(self.ratio), verdict, self.note]


def median(values):
    return statistics.median(values)


def table(figures):
    rows = [["figure", "value", "goal", "peer", "ratio", "met", "note"]] + [figure.row() for figure in figures]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def as_json(figures):
    return [asdict(figure) for figure in figures]
