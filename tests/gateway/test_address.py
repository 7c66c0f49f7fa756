from __future__ import annotations

import socket

import pytest

from gateway.address import AddressError, answers, for_browsers, free_port


def test_any_free_port_is_a_number_that_can_be_listened_on() -> None:
    port = free_port("127.0.0.1", 0)
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", port))


def test_a_free_port_is_kept() -> None:
    port = free_port("127.0.0.1", 0)
    assert free_port("127.0.0.1", port) == port


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_port_that_is_taken_is_told_with_what_to_do(host: str) -> None:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        sock.listen()
        port = sock.getsockname()[1]
        with pytest.raises(AddressError, match=f"port {port} of {host} is taken .*DRAGOMAN_PORT"):
            free_port(host, port)
        assert not answers("127.0.0.1", port, "/health/live")  # it takes the connection and never answers


@pytest.mark.parametrize(
    ("host", "says"), [("192.0.2.1", "no address of this machine"), ("no-such-host.invalid", "there is no address for")]
)
def test_a_host_that_is_not_ours_is_told(host: str, says: str) -> None:
    with pytest.raises(AddressError, match=says):
        free_port(host, 0)


@pytest.mark.parametrize(
    ("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"), ("shop.local", "shop.local")]
)
def test_addresses_for_browsers(host: str, shown: str) -> None:
    assert for_browsers(host) == shown
