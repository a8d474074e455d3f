"""HTTP as bytes on a socket, for requests that no client library would send."""
import re
import socket


def exchange(port, request, timeout=20.0, half_close=False):
    """Everything the server sends until it closes, or until the time-out. `request`: bytes, or pieces of them."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        for piece in [request] if isinstance(request, bytes) else request:
            connection.sendall(piece)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        received = b""
        try:
            while piece := connection.recv(65536):
                received += piece
        except (TimeoutError, ConnectionResetError):
            pass
        return received


def status_of(response):
    """The status code of the first response in these bytes; 0 if there is none."""
    words = response.split(b"\r\n", 1)[0].split()
    return int(words[1]) if len(words) > 1 and words[0].startswith(b"HTTP/") else 0


def statuses(response):
    """The codes of all responses in these bytes, by their status lines."""
    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3}) ", response)]
