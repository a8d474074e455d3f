"""Waiting for a fact with a deadline; a sleep is never the assertion."""
import time


def until(fact, timeout=20.0, what=None):
    """The first true value of fact(); AssertionError with the last value after `timeout` seconds.

    An exception of fact() counts as "not yet" and is shown if time runs out.
    """
    deadline = time.monotonic() + timeout
    while True:
        try:
            last = fact()
            if last:
                return last
        except (OSError, AssertionError) as error:
            last = error
        if time.monotonic() >= deadline:
            raise AssertionError(f"not within {timeout} s: {what or 'the expected'}; last seen: {last!r}")
        time.sleep(0.02)
