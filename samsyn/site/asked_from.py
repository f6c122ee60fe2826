"""From which address a request comes, when a proxy that stands before the house says so."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse

HOUSEHOLD = 64
"""Length of the part of an IPv6 address that one household or office has whole (RFC 6177): it is counted as one."""


def told_by_proxy(header: str) -> str | None:
    """The address at the end of X-Forwarded-For, the one that the nearest proxy wrote; None when it is none.

    All before it may have been written by whoever asks. Of IPv6 the network is given, or one asker would have 2^64.
    """
    try:
        found = ipaddress.ip_address(header.rsplit(",", 1)[-1].strip())
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), HOUSEHOLD), strict=False).network_address)


class AskedFrom:
    """Lets tries be counted by who asks. Is there only where SAMSYN_PROXY_TELLS_ADDRESS says that a proxy tells it.

    Elsewhere the header is whatever a browser sends, and is not read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.SAMSYN_PROXY_TELLS_ADDRESS:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = told_by_proxy(request.META.get("HTTP_X_FORWARDED_FOR", ""))
        if told is not None:
            request.META["REMOTE_ADDR"] = told
        return self.get_response(request)
