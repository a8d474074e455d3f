"""What may go wrong for a user: a message that says what and with which value, a hint that says what to do."""
import sys
import traceback


class Problem(Exception):
    def __init__(self, message, hint=""):
        super().__init__(message)
        self.hint = hint


class UsageProblem(Problem):
    """The command line cannot be understood: exit code 2."""


def run_main(main, arguments):
    """Runs a program's main and returns its exit code; problems become two lines on stderr."""
    try:
        return main(arguments) or 0
    except Problem as problem:
        print(f"error: {problem}", file=sys.stderr)
        if problem.hint:
            print(f"hint: {problem.hint}", file=sys.stderr)
        return 2 if isinstance(problem, UsageProblem) else 1
    except KeyboardInterrupt:
        print("error: interrupted", file=sys.stderr)
        return 130
    except Exception:  # a bug of ours: its place matters more than a short message
        traceback.print_exc()
        return 1


def say(text):
    print(text, file=sys.stderr, flush=True)
