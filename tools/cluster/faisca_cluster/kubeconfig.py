"""Kubeconfig files that carry their certificates inside, so that a file can be copied anywhere."""
import base64
from pathlib import Path

TEMPLATE = """apiVersion: v1
kind: Config
current-context: faisca
contexts:
- name: faisca
  context:
    cluster: faisca
    user: {user}
clusters:
- name: faisca
  cluster:
    server: {server}
    certificate-authority-data: {authority}
users:
- name: {user}
  user:
"""


def _write(path, server, certificates, user, lines):
    text = TEMPLATE.format(user=user, server=server, authority=_encoded(certificates.path("ca.crt")))
    text += "".join(f"    {line}\n" for line in lines)
    path = Path(path)
    path.touch(mode=0o600)
    path.write_text(text)


def write_with_certificate(path, server, certificates, name):
    _write(path, server, certificates, name, [f"client-certificate-data: {_encoded(certificates.path(name + '.crt'))}",
                                              f"client-key-data: {_encoded(certificates.path(name + '.key'))}"])


def write_with_token(path, server, certificates, user, token):
    _write(path, server, certificates, user, [f"token: {token}"])


def _encoded(path):
    return base64.b64encode(path.read_bytes()).decode()
