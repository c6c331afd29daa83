"""Who may be talked to: public addresses, over http and https, and whatever the operator allowed by name.

Checked after DNS, on the very addresses that are connected to, and again on every redirect: a name that resolves to a
private address now and to a public one a second later gains nothing.
"""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

Address = IPv4Address | IPv6Address
_NAT64 = IPv6Network("64:ff9b::/96")


class RefusedAddressError(OSError):
    """An address that must not be talked to. Its text is fit to show."""


class Guard:
    """Decides about hosts and addresses. ``allow_hosts`` are names, addresses or networks that may be private."""

    def __init__(self, allow_hosts: Iterable[str] = ()) -> None:
        self._names: set[str] = set()
        networks = []
        for allowed in allow_hosts:
            try:
                networks.append(ip_network(allowed.strip("[]"), strict=False))
            except ValueError:
                self._names.add(allowed.lower().rstrip("."))
        self._networks = tuple(networks)

    def check_url(self, url: URL) -> None:
        """Raise RefusedAddressError for another scheme than http and https, no host, or an address not to talk to."""
        if url.scheme not in {"http", "https"}:
            raise RefusedAddressError(f"{url.scheme or 'no scheme'}: only http and https are fetched")
        if not url.host:
            raise RefusedAddressError("the URL has no host")
        try:
            address = ip_address(url.host)
        except ValueError:
            return
        self.check_address(url.host, address)

    def check_address(self, host: str, address: Address) -> None:
        """Raise RefusedAddressError when ``host`` may not be reached at ``address``."""
        if host.lower().rstrip(".") in self._names:
            return
        inner = _unwrapped(address)
        if any(inner in network for network in self._networks if network.version == inner.version):
            return
        if not inner.is_global or inner.is_multicast or inner.is_reserved:
            where = host if host == str(address) else f"{host} ({address})"
            raise RefusedAddressError(
                f"{where} is not a public address; if it is yours, add it to fetch.allow_hosts in config/monitor.yaml"
            )


def _unwrapped(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64), which is what is really reached."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


class GuardedResolver(AbstractResolver):
    """Resolves names and refuses those that have any address that must not be talked to."""

    def __init__(self, guard: Guard, resolver: AbstractResolver) -> None:
        self._guard = guard
        self._resolver = resolver

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Addresses of ``host``; RefusedAddressError when one of them is not to be talked to."""
        found = await self._resolver.resolve(host, port, family)
        for result in found:
            self._guard.check_address(host, ip_address(result["host"].partition("%")[0]))
        return found

    async def close(self) -> None:
        """Close the resolver below."""
        await self._resolver.close()
