"""Who may be talked to."""

import asyncio
import socket
from ipaddress import ip_address

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from monitor.feeds.guard import Guard, GuardedResolver, RefusedAddressError

PRIVATE = (
    "127.0.0.1 127.9.9.9 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255 "
    "240.0.0.1 192.0.2.1 ::1 :: fe80::1 fc00::1 fd00:ec2::254 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1 "
    "2002:7f00:1:: 2001:0:0:0:0:0:80ff:fffe"
).split()


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    with pytest.raises(RefusedAddressError):
        Guard().check_address("feed.example", ip_address(address))


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:93.184.216.34"])
def test_public_addresses_are_let_through(address: str) -> None:
    Guard().check_address("feed.example", ip_address(address))


@pytest.mark.parametrize("allowed", ["127.0.0.1", "127.0.0.0/8", "intranet.example"])
def test_what_the_operator_allows_is_let_through(allowed: str) -> None:
    Guard([allowed]).check_address("Intranet.Example", ip_address("127.0.0.1"))


def test_allowing_one_host_allows_no_other() -> None:
    with pytest.raises(RefusedAddressError, match="allow_hosts"):
        Guard(["intranet.example"]).check_address("other.example", ip_address("127.0.0.1"))


@pytest.mark.parametrize(
    "url", ["ftp://x.example/", "file:///etc/passwd", "gopher://x.example/", "/relative", "http:///x"]
)
def test_only_web_addresses_are_let_through(url: str) -> None:
    with pytest.raises((RefusedAddressError, ValueError)):
        Guard().check_url(URL(url))


class Rebinding(AbstractResolver):
    """A name server that gives another answer each time."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        held = self.answers.pop(0)
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0) for address in held
        ]

    async def close(self) -> None:
        pass


def test_a_name_that_turns_private_is_refused_at_the_address_that_is_connected_to() -> None:
    resolver = GuardedResolver(Guard(), Rebinding(["93.184.216.34"], ["127.0.0.1"]))

    async def twice() -> None:
        assert [found["host"] for found in await resolver.resolve("feed.example")] == ["93.184.216.34"]
        with pytest.raises(RefusedAddressError):
            await resolver.resolve("feed.example")

    asyncio.run(twice())


def test_a_name_with_one_private_address_among_public_ones_is_refused() -> None:
    resolver = GuardedResolver(Guard(), Rebinding(["93.184.216.34", "10.0.0.1"]))
    with pytest.raises(RefusedAddressError):
        asyncio.run(resolver.resolve("feed.example"))
