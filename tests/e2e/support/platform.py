"""A platform of a test's own: `faisca up` with a home in a temporary folder and a free port.

    with Platform() as platform:
        platform.deploy(functions.bash("hello", "cat"))
        platform.post("/function/hello", b"x")

Leaving the block ends the platform; what is left of it then is killed, and is an error. FAISCA_BIN names the folder with
the binaries (the build's bin/).
"""
import ctypes
import http.client
import os
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from .processes import processes_of
from .wait import until

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(os.environ.get("FAISCA_BIN", ROOT / "build/dev/bin"))
PR_SET_PDEATHSIG = 1
START_TIMEOUT = 90.0  # with samples, which are built
STOP_TIMEOUT = 30.0


def die_with_the_test():
    """In the child: a test that is killed takes its platform along."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Response:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode(errors="replace")

    def __repr__(self):
        return f"{self.status} {self.text[:300]!r}"


def temporary_home():
    # Short: a unix socket's path has 107 characters at most.
    return Path(tempfile.mkdtemp(prefix="faisca-e2e-", dir="/tmp"))


class Platform:
    def __init__(self, home=None, port=0, samples=None, wrapper=()):
        self._own_home = home is None
        self.home = Path(home) if home else temporary_home()
        self.samples = samples
        self.wrapper = list(wrapper)
        self.port = port
        self.process = None
        self.output = None

    # -- life ----------------------------------------------------------------------------------------------------------

    def start(self):
        """Starts it and waits until it says that it is ready."""
        self.spawn()
        self.wait_until_ready()
        return self

    def spawn(self):
        self.output = tempfile.NamedTemporaryFile(prefix="faisca-up-", suffix=".log")
        command = self.wrapper + [str(BIN / "faisca"), "up", "--port", str(self.port), "--home", str(self.home)]
        if self.samples:
            command += ["--samples", str(self.samples)]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.output, stderr=subprocess.STDOUT,
                                        start_new_session=True, preexec_fn=die_with_the_test)

    def wait_until_ready(self):
        def ready():
            if self.process.poll() is not None:
                raise RuntimeError(f"faisca up ended with {self.process.returncode}:\n{self.said()}{self.logs()}")
            return re.search(r"ready at http://127\.0\.0\.1:(\d+)", self.said())

        self.port = int(until(ready, START_TIMEOUT, "faisca up is ready").group(1))

    def said(self):
        """What `faisca up` has printed so far."""
        return Path(self.output.name).read_text(errors="replace")

    def logs(self):
        """The end of the gateway's and the agent's logs, for messages of failed tests."""
        text = ""
        for log in sorted((self.home / "platform").glob("*.log")) if (self.home / "platform").is_dir() else []:
            text += f"--- {log.name}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-15:]) + "\n"
        return text

    def stop(self, number=signal.SIGTERM):
        """Asks it to end as a user would; returns the exit code."""
        self.process.send_signal(number)
        return self.process.wait(STOP_TIMEOUT)

    def close(self):
        """Ends it in any case. Returns what had to be killed after it had ended."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        left = self.processes()
        for process in left:
            try:
                os.kill(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        if self.output:
            self.output.close()
        if self._own_home:
            shutil.rmtree(self.home, ignore_errors=True)
        return left

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, kind, *_):
        left = self.close()
        if left and not kind:
            raise AssertionError("left running: " + ", ".join(map(str, left)))

    # -- looking at it -------------------------------------------------------------------------------------------------

    def processes(self):
        return processes_of(self.home)

    def pids(self, name):
        return {process.pid for process in self.processes() if process.name == name}

    def sockets(self):
        return [path for path in self.home.rglob("*") if path.is_socket()]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    # -- using it ------------------------------------------------------------------------------------------------------

    def request(self, method, path, body=None, headers=None, timeout=60.0):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return Response(response.status, response.headers, response.read())
        except http.client.HTTPException as error:
            raise OSError(f"{method} {path}: {error!r}") from error
        finally:
            connection.close()

    def get(self, path, **rest):
        return self.request("GET", path, **rest)

    def post(self, path, body=b"", **rest):
        return self.request("POST", path, body=body, **rest)

    def invoke(self, name, body=b"", **rest):
        return self.post(f"/function/{name}", body, **rest)

    def answers(self, name, body, expected, timeout=20.0):
        """Waits until the function answers `expected`."""
        def right():
            response = self.invoke(name, body)
            return response.status == 200 and response.body == expected or self._unexpected(response)

        until(right, timeout, f"{name} answers {expected!r}")

    @staticmethod
    def _unexpected(response):
        raise AssertionError(repr(response))

    def cli(self, *arguments, data=None, timeout=90.0):
        environment = dict(os.environ, FAISCA_GATEWAY=self.url, NO_COLOR="1")
        return subprocess.run([str(BIN / "faisca"), *map(str, arguments)], input=data, env=environment, text=True,
                              capture_output=True, timeout=timeout)

    def deploy(self, function, *arguments):
        """Deploys a Function (text) and waits until it is ready."""
        done = self.cli("deploy", "-f", "-", *arguments, data=function)
        if done.returncode != 0:
            raise AssertionError(f"deploy ended with {done.returncode}: {done.stderr}{done.stdout}")
        return done
