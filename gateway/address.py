"""The address that the gateway is to listen on: whether it is free, and how it is written for people."""

from __future__ import annotations

import errno
import http.client
import socket
from contextlib import ExitStack


class AddressError(Exception):
    """The address can't be listened on; the message says what to do."""


def free_port(host: str, port: int) -> int:
    """``port`` if it can be listened on at ``host``, or any free one for 0. Raises AddressError."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise AddressError(f"DRAGOMAN_HOST: there is no address for {host!r} ({error.strerror})") from None
    with ExitStack() as stack:
        for family, kind, protocol, _, address in found:
            try:
                sock = stack.enter_context(socket.socket(family, kind, protocol))
            except OSError:
                continue  # a family that this machine doesn't have
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            try:
                sock.bind((address[0], port, *address[2:]))
            except OSError as error:
                raise AddressError(_why(host, port, error)) from None
            port = sock.getsockname()[1]
    return port


def _why(host: str, port: int, error: OSError) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return (
                f"port {port} of {host} is taken by another program: end that one, or choose another port with "
                "--port or DRAGOMAN_PORT (0 takes any free one)"
            )
        case errno.EACCES:
            return f"this user may not listen on port {port}: choose one above 1023 with --port or DRAGOMAN_PORT"
        case errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine: set --host or DRAGOMAN_HOST to one, or to 0.0.0.0 for all"
    return f"can't listen on port {port} of {host}: {error.strerror}"


def for_browsers(host: str) -> str:
    """The host as it stands in a URL; "all addresses" become the one of this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)
    return f"[{host}]" if ":" in host else host


def answers(host: str, port: int, path: str) -> bool:
    """Whether a GET of ``path`` is answered with 200 within a second. Asks directly, whatever proxies are set."""
    connection = http.client.HTTPConnection(for_browsers(host).strip("[]"), port, timeout=1)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
