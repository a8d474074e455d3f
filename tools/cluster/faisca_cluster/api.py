"""As much of an API client as starting a cluster takes: GET with the administrator's certificate."""
import http.client
import json
import ssl


class Api:
    def __init__(self, address, port, certificates):
        self._address, self._port = address, port
        self._tls = ssl.create_default_context(cafile=certificates.path("ca.crt"))
        self._tls.load_cert_chain(certificates.path("admin.crt"), certificates.path("admin.key"))

    def status(self, path):
        """The HTTP status of GET path; 0 when nobody answers."""
        return self._get(path)[0]

    def condition(self, path, kind):
        """The status of a condition of an object, or None."""
        status, body = self._get(path)
        conditions = json.loads(body).get("status", {}).get("conditions", []) if status == 200 else []
        return next((condition["status"] for condition in conditions if condition["type"] == kind), None)

    def _get(self, path):
        connection = http.client.HTTPSConnection(self._address, self._port, context=self._tls, timeout=5)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()
