"""Plain HTTP to a server on the loopback: does it answer, and do what it is told."""

import http.client

from securebucket_dev.process import ServerError


def answers_http(port: int, path: str = "/", seconds: float = 5) -> bool:
    """Tell whether anything speaks HTTP on that port of the loopback, whatever its status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request("GET", path)
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def post(port: int, path: str) -> None:
    """POST nothing to a path of a server on the loopback.

    Raises:
        ServerError: the server is gone, or answers anything but 200.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", path, body=b"")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as fault:
        raise ServerError(f"POST {path} on port {port}: {fault}. Has the server ended?") from fault
    finally:
        connection.close()
    if status != 200:
        raise ServerError(f"POST {path} on port {port} answered {status}, 200 was expected")
