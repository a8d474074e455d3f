"""Waiting for something to become true, with a deadline."""
import time

from .problem import Problem


def until(condition, seconds, what, interval=0.05, hint=lambda: ""):
    """The first true value of condition(). Problem when `seconds` have passed; hint() is asked only then."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= deadline:
            raise Problem(f"{what}: not within {seconds:g} s", hint())
        time.sleep(interval)
