"""A small client of the API server for tests and benchmarks: JSON over HTTPS with the kubeconfig's client certificate."""
import http.client
import json
import ssl
import subprocess
import tempfile
import threading
from base64 import b64decode
from pathlib import Path
from urllib.parse import urlencode, urlsplit

GROUPS = {"functions": "apis/faisca.dev/v1alpha1", "runtimes": "apis/faisca.dev/v1alpha1", "offloadprograms": "apis/faisca.dev/v1alpha1",
          "offloaddevices": "apis/faisca.dev/v1alpha1", "deployments": "apis/apps/v1", "replicasets": "apis/apps/v1",
          "endpointslices": "apis/discovery.k8s.io/v1", "leases": "apis/coordination.k8s.io/v1", "events": "apis/events.k8s.io/v1",
          "customresourcedefinitions": "apis/apiextensions.k8s.io/v1", "horizontalpodautoscalers": "apis/autoscaling/v2"}


class ApiError(Exception):
    """The API server's answer when it is not 2xx."""

    def __init__(self, status, text):
        try:
            self.message = json.loads(text)["message"]
        except (ValueError, KeyError, TypeError):
            self.message = text
        self.status = status
        super().__init__(f"{status}: {self.message}")


class Api:
    """Thread: one connection a thread."""

    def __init__(self, kubeconfig):
        self.kubeconfig = Path(kubeconfig)
        self.kubectl_program = self.kubeconfig.parent / "bin/kubectl"
        config = json.loads(self.kubectl("config", "view", "--raw", "--flatten", "-o", "json"))
        cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
        self.server = urlsplit(cluster["server"])
        self.context = ssl.create_default_context(cadata=b64decode(cluster["certificate-authority-data"]).decode())
        with tempfile.TemporaryDirectory() as folder:
            for name in ("certificate", "key"):
                (Path(folder) / name).write_bytes(b64decode(user[f"client-{name}-data"]))
            self.context.load_cert_chain(Path(folder) / "certificate", Path(folder) / "key")
        self.local = threading.local()

    def kubectl(self, *arguments, text=None, check=True):
        # No cache: what kinds there are changes while tests run.
        done = subprocess.run([self.kubectl_program, "--kubeconfig", self.kubeconfig, "--cache-dir", "/dev/null/none", *map(str, arguments)], input=text, timeout=120,
                              capture_output=True, text=True, check=False, env={"HOME": str(self.kubeconfig.parent)})
        if check and done.returncode:
            raise AssertionError(f"kubectl {' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout if check else done

    def raw(self, method, path, body=None, kind="application/json", accept="application/json"):
        """The answer's text; ApiError when it is not 2xx."""
        for attempt in (1, 2):
            connection = getattr(self.local, "connection", None)
            if connection is None:
                connection = self.local.connection = http.client.HTTPSConnection(self.server.hostname, self.server.port, timeout=60,
                                                                                 context=self.context)
            try:
                connection.request(method, path, body, {"Content-Type": kind, "Accept": accept})
                answer = connection.getresponse()
                text = answer.read().decode()
                break
            except (http.client.HTTPException, OSError):
                connection.close()
                self.local.connection = None
                if attempt == 2:
                    raise
        if answer.status >= 300:
            raise ApiError(answer.status, text)
        return text

    def close(self):
        """This thread's connection."""
        if getattr(self.local, "connection", None):
            self.local.connection.close()
            self.local.connection = None

    def call(self, method, path, body=None, kind="application/json"):
        return json.loads(self.raw(method, path, None if body is None else json.dumps(body), kind))

    @staticmethod
    def path(plural, space="", name="", sub="", **query):
        out = "/" + GROUPS.get(plural, "api/v1")
        if space:
            out += f"/namespaces/{space}"
        out += f"/{plural}" + (f"/{name}" if name else "") + (f"/{sub}" if sub else "")
        return out + ("?" + urlencode(query) if query else "")

    def get(self, plural, space, name, sub=""):
        """The object, or None."""
        try:
            return self.call("GET", self.path(plural, space, name, sub))
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def list(self, plural, space="", **query):
        return self.call("GET", self.path(plural, space, **query))["items"]

    def create(self, plural, space, body, **query):
        return self.call("POST", self.path(plural, space, **query), body)

    def merge(self, plural, space, name, patch, sub=""):
        return self.call("PATCH", self.path(plural, space, name, sub), patch, "application/merge-patch+json")

    def apply(self, plural, space, name, body, manager="test"):
        return self.call("PATCH", self.path(plural, space, name, fieldManager=manager, force="true"), body, "application/apply-patch+yaml")

    def delete(self, plural, space, name):
        try:
            self.call("DELETE", self.path(plural, space, name))
        except ApiError as error:
            if error.status != 404:
                raise
