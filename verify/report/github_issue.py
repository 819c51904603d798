"""The issue that says what a scheduled run found: one is open while a page is contradicted."""

from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import urlencode

import requests

from verify.errors import ResourceError
from verify.system.words import Text, Words

_THEIRS = Words(
    zh="{status}，是 GitHub 自己的故障；请稍后重新运行",
    en="{status}, GitHub's own fault; run it again later",
)
_TOO_OFTEN = Words(
    zh="{status}，目前请求太多；请一小时后重新运行",
    en="{status}, too many requests for now; run it again in an hour",
)
_SAYS = Words(zh="{status}，{said}", en="{status}, {said}")
_NO_REASON = Words(zh="没有说明原因", en="no reason given")
_ALLOWED = Words(
    zh="{status}，{said}；令牌要有写入仓库 issue 的权限",
    en="{status}, {said}; the token must be allowed to write the repository's issues",
)

LABEL = "verification"

_NONE_OPEN = Words(
    zh="全部已验证，也没有打开的 issue。", en="All is verified, and no issue is open."
)
_OPENED = Words(zh="已打开 {url}。", en="Opened {url}.")
_LEFT = Words(
    zh="{url} 保持不变：这次运行无法判定它所说的内容。",
    en="Left {url} as it is: this run could not judge what it speaks of.",
)
_CLOSED = Words(zh="已关闭 {url}。", en="Closed {url}.")
_RENEWED = Words(zh="已更新 {url}。", en="Renewed {url}.")
_TIMEOUT_S = 30.0


class State(str, Enum):
    """What a run says about the pages; the issue's marker keeps it."""

    RED = "contradicted"
    UNKNOWN = "unchecked"
    GREEN = "verified"


@dataclass(frozen=True)
class News:
    """What the issue of a kind of run has to say."""

    kind: str
    state: State
    title: str
    body: str

    @property
    def text(self) -> str:
        """The issue's text, with the marker by which it is found."""
        return f"{_marker(self.kind)}{self.state.value} -->\n{self.body}"


@dataclass(frozen=True)
class IssuePlace:
    """A repository, and the token that may write its issues."""

    api: str
    repository: str
    token: str


def settle(news: News, place: IssuePlace) -> Words:
    """Open, renew or close the issue of a kind of run, and say in a sentence what was done.

    A run that could not judge opens an issue that says so. It closes none, and takes the place of
    none that says what a page got wrong.

    Raises:
        ResourceError: GitHub is out of reach, or refuses.
    """
    with requests.Session() as session:
        api = _Api(session, place)
        issue = api.find(_marker(news.kind))
        if issue is None:
            if news.state is State.GREEN:
                return _NONE_OPEN
            return _OPENED.filled(url=api.open(news))
        url, was_red = issue["html_url"], f"{_marker(news.kind)}{State.RED.value}" in issue["body"]
        if news.state is State.UNKNOWN and was_red:
            return _LEFT.filled(url=url)
        if news.state is State.GREEN:
            api.close(issue, news)
            return _CLOSED.filled(url=url)
        api.renew(issue, news)
        return _RENEWED.filled(url=url)


def _marker(kind: str) -> str:
    return f"<!-- secretflow-docs-verify {kind}: "


class _Api:
    """The few of GitHub's endpoints for issues that this needs."""

    def __init__(self, session: requests.Session, place: IssuePlace) -> None:
        self._base = f"{place.api.rstrip('/')}/repos/{place.repository}"
        self._session = session
        session.headers.update(
            {
                "Accept": "application/vnd.github+json",
                "Authorization": f"Bearer {place.token}",
                "X-GitHub-Api-Version": "2022-11-28",
            }
        )

    def find(self, marker: str) -> dict[str, Any] | None:
        """The oldest open issue with our label and this marker."""
        wanted = {"state": "open", "labels": LABEL, "direction": "asc", "per_page": "100"}
        url: str | None = f"{self._base}/issues?{urlencode(wanted)}"
        while url:
            answer = self._ask("GET", url)
            for issue in answer.json():
                if "pull_request" not in issue and (issue["body"] or "").startswith(marker):
                    return dict(issue)
            url = answer.links.get("next", {}).get("url")
        return None

    def open(self, news: News) -> str:
        """Open an issue; without its label, the next run would not find it again."""
        label = f"{self._base}/labels/{LABEL}"
        if (
            self._ask("GET", label, accept=requests.codes.not_found).status_code
            != requests.codes.ok
        ):
            says = "What a scheduled verification of the documents found"
            self._ask("POST", f"{self._base}/labels", {"name": LABEL, "description": says})
        said = {"title": news.title, "body": news.text, "labels": [LABEL]}
        return str(self._ask("POST", f"{self._base}/issues", said).json()["html_url"])

    def renew(self, issue: dict[str, Any], news: News) -> None:
        """Let an issue say what is so now."""
        said = {"title": news.title, "body": news.text}
        self._ask("PATCH", f"{self._base}/issues/{issue['number']}", said)

    def close(self, issue: dict[str, Any], news: News) -> None:
        """Say what is so now in a comment, and close the issue."""
        url = f"{self._base}/issues/{issue['number']}"
        self._ask("POST", f"{url}/comments", {"body": news.body})
        self._ask("PATCH", url, {"state": "closed", "state_reason": "completed"})

    def _ask(
        self,
        method: str,
        url: str,
        said: dict[str, Any] | None = None,
        *,
        accept: int = requests.codes.ok,
    ) -> requests.Response:
        try:
            answer = self._session.request(method, url, json=said, timeout=_TIMEOUT_S)
        except requests.RequestException as error:
            raise ResourceError(
                Words(
                    zh="{url}：无法访问（{error}）。", en="{url}: cannot be reached ({error})."
                ).filled(url=url, error=type(error).__name__)
            ) from error
        if answer.ok or answer.status_code == accept:
            return answer
        raise ResourceError(
            Words(
                zh="{url}：GitHub 拒绝了 {method}（{why}）。",
                en="{url}: GitHub refused {method} ({why}).",
            ).filled(url=url, method=method, why=_why(answer))
        )


def _why(answer: requests.Response) -> Text:
    codes, status = requests.codes, answer.status_code
    if answer.status_code >= codes.server_error:
        return _THEIRS.filled(status=status)
    if "Retry-After" in answer.headers or answer.headers.get("X-RateLimit-Remaining") == "0":
        return _TOO_OFTEN.filled(status=status)
    try:
        said: Text = str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        said = answer.reason or _NO_REASON
    asks = status in (codes.unauthorized, codes.forbidden, codes.not_found)
    return (_ALLOWED if asks else _SAYS).filled(status=status, said=said)
