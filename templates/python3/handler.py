"""The body of the request is stdin, the body of the answer is stdout. An exception answers 500."""
import sys


def handle(body: str) -> str:
    return f"Hello, {body}!\n"


sys.stdout.write(handle(sys.stdin.read()))
