"""A certificate authority of the cluster's own and what it signs, made by openssl: P-256 keys, good for a year.

Everything lies in one folder: ca.crt, ca.key, NAME.crt, NAME.key, and sa.key, with which service account tokens are signed.
"""
import subprocess
from pathlib import Path

from .problem import Problem

# Without a configuration of our own openssl adds the extensions of the machine's.
CONFIGURATION = "[req]\ndistinguished_name = dn\n[dn]\n"
NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


class Certificates:
    def __init__(self, folder):
        self.folder = Path(folder)

    def path(self, name):
        return self.folder / name

    def make_authority(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        self.path("openssl.cnf").write_text(CONFIGURATION)
        self._request("ca", "/CN=faisca-test-ca", ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"])
        # Kubernetes reads a public key out of an elliptic private key in this older format only.
        self._openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.path("sa.key"))

    def make_server(self, name, common_name, alternatives):
        """alternatives: as openssl writes them, IP:10.0.0.1 or DNS:name."""
        self._leaf(name, f"/CN={common_name}", ["extendedKeyUsage=serverAuth", "subjectAltName=" + ",".join(alternatives)])

    def make_client(self, name, user, group=""):
        subject = (f"/O={group}" if group else "") + f"/CN={user}"
        self._leaf(name, subject, ["extendedKeyUsage=clientAuth"])

    def _leaf(self, name, subject, extensions):
        signer = ["-CA", self.path("ca.crt"), "-CAkey", self.path("ca.key")]
        self._request(name, subject, ["basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature", *extensions], signer)

    def _request(self, name, subject, extensions, signer=()):
        added = [part for extension in extensions for part in ("-addext", extension)]
        self._openssl("req", "-x509", *NEW_KEY, "-config", self.path("openssl.cnf"), "-days", "365", "-subj", subject, *added, *signer,
                      "-keyout", self.path(f"{name}.key"), "-out", self.path(f"{name}.crt"))

    @staticmethod
    def _openssl(*arguments):
        try:
            done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
        except FileNotFoundError:
            raise Problem("openssl is not installed", "./dev deps cluster") from None
        if done.returncode != 0:
            raise Problem(f"openssl {arguments[0]} failed: {done.stderr.strip()}")
