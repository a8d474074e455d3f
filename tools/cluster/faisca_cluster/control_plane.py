"""etcd, API server, controller manager and scheduler of one test cluster, all in one folder.

    FOLDER/pki/              certificate authority, server and client certificates (certificates.py)
    FOLDER/NAME.kubeconfig   admin (everything), tester (a token, no rights yet), and one for each program
    FOLDER/tokens.csv        the tester's token
    FOLDER/programs.json     process ids and command lines; logs in FOLDER/logs/
    FOLDER/etcd/             the data

Nothing here needs root. Where the programs run is the caller's choice: `prefix` puts them into a network namespace.
"""
import secrets
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from . import kubeconfig
from .api import Api
from .certificates import Certificates
from .problem import Problem
from .programs import Programs
from .wait import until

SERVICE_RANGE = "10.96.0.0/16"
KUBERNETES_SERVICE = "10.96.0.1"
READY_SECONDS = 90
ORDER = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]


@dataclass
class Settings:
    binaries: Path                 # folder with the Kubernetes programs
    address: str                   # where the API server listens
    etcd_port: int
    etcd_peer_port: int
    api_port: int
    prefix: list = field(default_factory=list)          # command that puts a program where it belongs
    api_server_flags: list = field(default_factory=list)
    controller_manager_flags: list = field(default_factory=list)
    nodes: list = field(default_factory=list)           # names; each gets a kubelet's certificate


class ControlPlane:
    def __init__(self, folder, settings):
        self.folder = Path(folder).resolve()
        self.settings = settings
        self.certificates = Certificates(self.folder / "pki")
        self.programs = Programs(self.folder)

    @property
    def url(self):
        return f"https://{self.settings.address}:{self.settings.api_port}"

    @property
    def kubeconfig(self):
        return self.folder / "admin.kubeconfig"

    def up(self):
        """Starts everything; returns when the API server answers and the controllers work. What it started is ended when that fails."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._make_credentials()
        for left in ("etcd", "logs"):
            shutil.rmtree(self.folder / left, ignore_errors=True)
        try:
            self.start_etcd()
            self.start_api_server()
            self.await_api_server()
            self.start_controller_manager()
            self.start_scheduler()
            self.await_controllers()
        except BaseException:
            self.programs.stop_all(grace=2)
            raise

    def start_etcd(self):
        client = f"http://127.0.0.1:{self.settings.etcd_port}"
        peer = f"http://127.0.0.1:{self.settings.etcd_peer_port}"
        self._start("etcd", shutil.which("etcd") or "etcd", f"--data-dir={self.folder}/etcd", "--unsafe-no-fsync",
                    f"--listen-client-urls={client}", f"--advertise-client-urls={client}", f"--listen-peer-urls={peer}",
                    f"--initial-advertise-peer-urls={peer}", f"--initial-cluster=default={peer}")

    def start_api_server(self):
        pki = self.certificates.path
        self._start_kubernetes(
            "kube-apiserver", f"--etcd-servers=http://127.0.0.1:{self.settings.etcd_port}",
            f"--bind-address={self.settings.address}", f"--secure-port={self.settings.api_port}",
            f"--tls-cert-file={pki('apiserver.crt')}", f"--tls-private-key-file={pki('apiserver.key')}",
            f"--client-ca-file={pki('ca.crt')}", f"--token-auth-file={self.folder}/tokens.csv",
            "--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction", "--allow-privileged=true",
            "--service-account-issuer=https://kubernetes.default.svc", f"--service-account-signing-key-file={pki('sa.key')}",
            f"--service-account-key-file={pki('sa.key')}", f"--service-cluster-ip-range={SERVICE_RANGE}",
            f"--kubelet-client-certificate={pki('admin.crt')}", f"--kubelet-client-key={pki('admin.key')}",
            "--kubelet-preferred-address-types=InternalIP", "--profiling=false", *self.settings.api_server_flags)

    def start_controller_manager(self):
        pki = self.certificates.path
        # With the clients' default of 20 requests a second a thousand objects take minutes, whoever is under test.
        self._start_kubernetes(
            "kube-controller-manager", f"--kubeconfig={self.folder}/controller-manager.kubeconfig", "--secure-port=0", "--leader-elect=false",
            f"--service-account-private-key-file={pki('sa.key')}", f"--root-ca-file={pki('ca.crt')}", "--use-service-account-credentials=true",
            f"--cluster-signing-cert-file={pki('ca.crt')}", f"--cluster-signing-key-file={pki('ca.key')}",
            "--kube-api-qps=500", "--kube-api-burst=1000", *self.settings.controller_manager_flags)

    def start_scheduler(self):
        self._start_kubernetes("kube-scheduler", f"--kubeconfig={self.folder}/scheduler.kubeconfig", "--secure-port=0", "--leader-elect=false",
                               "--kube-api-qps=500", "--kube-api-burst=1000")

    def await_api_server(self):
        self._await("kube-apiserver", "/readyz")

    def await_controllers(self):
        # A pod is refused until the controller manager has made its namespace's service account.
        self._await("kube-controller-manager", "/api/v1/namespaces/default/serviceaccounts/default")

    def healthy(self):
        return self.kubeconfig.exists() and all(self.programs.alive(name) for name in ORDER) and self._api().status("/readyz") == 200

    def _start_kubernetes(self, name, *flags):
        self._start(name, self.settings.binaries / name, *flags)

    def _start(self, name, *argv):
        self.programs.start(name, argv, self.settings.prefix)

    def _await(self, name, path):
        api = self._api()

        def answered():
            if not self.programs.alive(name):
                raise Problem(f"{name} has ended: {self.programs.last_words(name)}", f"its log is {self.folder}/logs/{name}.log")
            return api.status(path) == 200

        until(answered, READY_SECONDS, f"{name} is ready", hint=lambda: f"its log is {self.folder}/logs/{name}.log")

    def _api(self):
        return Api(self.settings.address, self.settings.api_port, self.certificates)

    def _make_credentials(self):
        made = self.certificates
        made.make_authority()
        addresses = dict.fromkeys(["127.0.0.1", KUBERNETES_SERVICE, self.settings.address])
        made.make_server("apiserver", "kube-apiserver", [*(f"IP:{a}" for a in addresses), "DNS:localhost", "DNS:kubernetes",
                                                         "DNS:kubernetes.default", "DNS:kubernetes.default.svc"])
        made.make_client("admin", "admin", "system:masters")
        clients = {"controller-manager": "system:kube-controller-manager", "scheduler": "system:kube-scheduler", "proxy": "system:kube-proxy"}
        for name, user in clients.items():
            made.make_client(name, user)
        for node in self.settings.nodes:
            made.make_client(node, f"system:node:{node}", "system:nodes")
        for name in ["admin", *clients, *self.settings.nodes]:
            kubeconfig.write_with_certificate(self.folder / f"{name}.kubeconfig", self.url, made, name)
        token = secrets.token_hex(16)
        tokens = self.folder / "tokens.csv"
        tokens.touch(mode=0o600)
        tokens.write_text(f'{token},tester,tester,"testers"\n')
        kubeconfig.write_with_token(self.folder / "tester.kubeconfig", self.url, made, "tester", token)
