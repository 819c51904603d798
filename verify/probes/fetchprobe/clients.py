"""Clients of HTTP: each opens another address where the run has a file for the documented one."""

import copy
from typing import Any

from after_import import after

from fetchprobe.inquiry import asked, telling, wrap


def inherit() -> None:
    """Wait for each of these clients to be imported."""
    after("urllib.request", _urllib)
    after("requests.sessions", _requests)
    after("urllib3.poolmanager", _urllib3)
    for name in ("httpx", "httpx2"):
        after(f"{name}._client", _httpx)


def _urllib(module: Any) -> None:
    def from_here(original: Any, self: Any, fullurl: Any, *args: Any, **kwargs: Any) -> Any:
        url = fullurl if isinstance(fullurl, str) else fullurl.full_url
        answer = asked(url)
        if answer is None:
            with telling(url):
                return original(self, fullurl, *args, **kwargs)
        request = module.Request(url) if isinstance(fullurl, str) else copy.copy(fullurl)
        request.full_url = answer.address
        request.unredirected_hdrs = {}
        response = original(self, request, *args, **kwargs)
        response.url = url
        return response

    wrap(module.OpenerDirector, "open", from_here)


def _requests(module: Any) -> None:
    def from_here(original: Any, self: Any, request: Any, **kwargs: Any) -> Any:
        url = request.url
        answer = asked(url)
        if answer is None:
            with telling(url):
                return original(self, request, **kwargs)
        elsewhere = request.copy()
        elsewhere.url = answer.address
        response = original(self, elsewhere, **kwargs | {"proxies": {}})
        response.url, response.request = url, request
        return response

    wrap(module.Session, "send", from_here)


def _urllib3(module: Any) -> None:
    def from_here(original: Any, self: Any, method: str, url: str, *args: Any, **kw: Any) -> Any:
        answer = asked(url)
        with telling(url):
            return original(self, method, answer.address if answer else url, *args, **kw)

    wrap(module.PoolManager, "urlopen", from_here)


def _httpx(module: Any) -> None:
    def from_here(original: Any, self: Any, request: Any, **kwargs: Any) -> Any:
        with telling(url := request.url):
            if answer := asked(url):
                request.url = type(url)(answer.address)
                request.headers["Host"] = request.url.netloc.decode()
            response = original(self, request, **kwargs)
            request.url = url
            return response

    wrap(module.Client, "send", from_here)
