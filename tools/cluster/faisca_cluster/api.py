"""As much of an API client as starting a cluster takes: GET with the administrator's certificate."""
import http.client
import ssl


class Api:
    def __init__(self, address, port, certificates):
        self._address, self._port = address, port
        self._tls = ssl.create_default_context(cafile=certificates.path("ca.crt"))
        self._tls.load_cert_chain(certificates.path("admin.crt"), certificates.path("admin.key"))

    def status(self, path):
        """The HTTP status of GET path; 0 when nobody answers."""
        connection = http.client.HTTPSConnection(self._address, self._port, context=self._tls, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()
