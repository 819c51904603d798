"""The issue about a scheduled run, against a server that answers as GitHub's REST API does."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests import sample_documents
from tests.report.test_entries import closed, report_of, results_of
from verify.cli import jobs, track
from verify.contract.edition import Wanted
from verify.errors import ResourceError, UsageError
from verify.finding import CheckKind, Result, Verdict
from verify.report import entries, github_issue
from verify.report.entries import DocumentEntry, Report
from verify.report.github_issue import LABEL, IssuePlace, News, State

REPOSITORY = "garden/fruit"
LISTING = "GET", "issues"


@dataclass
class Hub:
    """A repository's issues, two on a page of a listing."""

    server: HTTPServer
    issues: list[dict[str, Any]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    refusal: Response | None = None

    @property
    def place(self) -> IssuePlace:
        return IssuePlace(self.server.url_for("/"), REPOSITORY, "secret")

    @property
    def open_issues(self) -> list[dict[str, Any]]:
        return [issue for issue in self.issues if issue["state"] == "open"]

    def file(self, title: str, body: str | None, **more: Any) -> dict[str, Any]:
        number = len(self.issues) + 1
        url = f"https://hub.example/{REPOSITORY}/issues/{number}"
        issue = {"number": number, "state": "open", "title": title, "body": body, "html_url": url}
        self.issues.append({**issue, "labels": [LABEL], **more})
        return self.issues[-1]

    def answer(self, request: Request) -> Response:
        assert request.headers["Authorization"] == "Bearer secret"
        if self.refusal:
            return self.refusal
        path = request.path.removeprefix(f"/repos/{REPOSITORY}/")
        said = request.get_json(silent=True) or {}
        if request.method != "GET":
            self.writes.append(f"{request.method} {path}")
        data, status = self.data(request.method, path.split("/"), said)
        return self.listing(request) if (request.method, path) == LISTING else reply(data, status)

    def data(self, method: str, path: list[str], said: dict[str, Any]) -> tuple[object, int]:
        match method, path:
            case "POST", ["issues"]:
                known = [label for label in said.pop("labels") if label in self.labels]
                return self.file(**said, labels=known), 201
            case "PATCH", ["issues", number]:
                self.issues[int(number) - 1].update(said)
                return self.issues[int(number) - 1], 200
            case "POST", ["labels"]:
                self.labels.append(said["name"])
                return said, 201
            case "POST", ["issues", _, "comments"]:
                return said, 201
        return {"name": path[-1]}, 200 if path[-1] in self.labels else 404

    def listing(self, request: Request) -> Response:
        asked = request.args
        some = [
            i
            for i in self.issues
            if i["state"] == asked["state"] and asked["labels"] in i["labels"]
        ]
        page = int(asked.get("page", 1))
        response = reply(some[2 * page - 2 : 2 * page])
        if len(some) > 2 * page:
            following = f"{request.base_url}?state=open&labels={LABEL}&page={page + 1}"
            response.headers["Link"] = f'<{following}>; rel="next"'
        return response


def reply(data: object, status: int = 200, **headers: str) -> Response:
    return Response(json.dumps(data), status, headers, content_type="application/json")


@pytest.fixture
def hub(httpserver: HTTPServer) -> Hub:
    hub = Hub(httpserver)
    httpserver.expect_request(re.compile("/repos/.*")).respond_with_handler(hub.answer)
    return hub


def told(state: State, kind: str = "nightly") -> News:
    return News(kind, state, f"It is {state.value}", "What was found.")


def settle(hub: Hub, *states: State) -> list[str]:
    """Settle one run after the other; return the requests that wrote something."""
    hub.writes.clear()
    for state in states:
        github_issue.settle(told(state), hub.place)
    return hub.writes


def test_a_red_run_opens_an_issue_and_the_next_one_renews_it(hub: Hub) -> None:
    assert settle(hub, State.RED) == ["POST labels", "POST issues"]
    assert settle(hub, State.RED) == ["PATCH issues/1"]
    (issue,) = hub.issues
    assert (issue["title"], issue["labels"]) == ("It is contradicted", [LABEL])
    assert issue["body"].endswith("-->\nWhat was found.")


def test_a_green_run_closes_it_with_a_word_and_leaves_it_then(hub: Hub) -> None:
    settle(hub, State.RED)
    assert settle(hub, State.GREEN) == ["POST issues/1/comments", "PATCH issues/1"]
    assert (hub.issues[0]["state"], hub.issues[0]["state_reason"]) == ("closed", "completed")
    assert settle(hub, State.GREEN) == []


def test_the_next_red_run_opens_another(hub: Hub) -> None:
    settle(hub, State.RED, State.GREEN)
    assert settle(hub, State.RED) == ["POST issues"]
    assert [issue["number"] for issue in hub.open_issues] == [2]


@pytest.mark.parametrize(
    ("before", "title"),
    [
        ((), "It is unchecked"),
        ((State.UNKNOWN,), "It is unchecked"),
        ((State.RED,), "It is contradicted"),
    ],
)
def test_a_run_that_could_not_judge_says_so_and_hides_nothing(
    hub: Hub, before: tuple[State, ...], title: str
) -> None:
    settle(hub, *before, State.UNKNOWN)
    (issue,) = hub.open_issues
    assert issue["title"] == title


def test_what_could_not_be_judged_before_is_judged_now(hub: Hub) -> None:
    settle(hub, State.UNKNOWN, State.RED)
    assert hub.open_issues[0]["title"] == "It is contradicted"
    settle(hub, State.GREEN)
    assert hub.open_issues == []


def test_issues_of_others_are_left_alone_however_many_there_are(hub: Hub) -> None:
    hub.labels.append(LABEL)
    marker = told(State.RED).text
    hub.file("no text", None)
    hub.file("a quotation", f"They wrote: {marker}")
    hub.file("a pull request", marker, pull_request={})
    hub.file("another label", marker, labels=["question"])
    hub.file("another kind", told(State.RED, "weekly").text)
    before = json.dumps(hub.issues)
    assert settle(hub, State.GREEN) == []
    assert settle(hub, State.RED) == ["POST issues"]
    assert settle(hub, State.RED) == ["PATCH issues/6"]
    assert json.dumps(hub.issues[:5]) == before


@pytest.mark.parametrize(
    ("refusal", "why"),
    [
        (reply({"message": "No"}, 403, **{"X-RateLimit-Remaining": "0"}), "403, too many requests"),
        (reply({"message": "No"}, 429, **{"Retry-After": "60"}), "429, too many requests"),
        (Response("<h1>Unicorn</h1>", 502), "502, GitHub's own fault; run it again later"),
        (
            reply({"message": "Resource not accessible by integration"}, 403),
            "403, Resource not accessible by integration; the token must be allowed to write",
        ),
        (reply({"message": "Issues are disabled"}, 410), r"410, Issues are disabled\)"),
    ],
)
def test_a_refusal_is_a_clear_sentence(hub: Hub, refusal: Response, why: str) -> None:
    hub.refusal = refusal
    with pytest.raises(ResourceError, match=f"issues.*GitHub refused GET .{why}") as caught:
        settle(hub, State.RED)
    assert "secret" not in str(caught.value)


def test_no_server_is_a_clear_sentence() -> None:
    nobody = IssuePlace("http://127.0.0.1:9", REPOSITORY, "secret")
    with pytest.raises(ResourceError, match=r"cannot be reached \(ConnectionError\)\."):
        github_issue.settle(told(State.RED), nobody)


# From a report to what the issue says.


RUN = "https://hub.example/runs/7"


@pytest.fixture(scope="module")
def entry(tmp_path_factory: pytest.TempPathFactory) -> DocumentEntry:
    document = sample_documents.read("pears")
    return closed(document, results_of(document), tmp_path_factory.mktemp("out")).document


def report(entry: DocumentEntry, *verdicts: Verdict) -> Report:
    made = report_of()
    made.documents = [entry.model_copy(update={"verdict": verdict}) for verdict in verdicts]
    return made


@pytest.mark.parametrize(
    ("verdicts", "missing", "state", "title"),
    [
        ("pass erratum", [], State.GREEN, "all verified"),
        ("pass fail", [], State.RED, "1 contradicted or broken"),
        ("error fail", [], State.RED, "1 contradicted or broken, 1 could not be checked"),
        ("fail fail", ["a"], State.RED, "2 contradicted or broken, 1 could not be checked"),
        ("pass error", [], State.UNKNOWN, "1 could not be checked"),
        ("pass unchecked", [], State.UNKNOWN, "1 could not be checked"),
        ("pass", ["a", "b"], State.UNKNOWN, "2 could not be checked"),
    ],
)
def test_only_a_page_that_is_wrong_makes_it_red(
    entry: DocumentEntry, verdicts: str, missing: list[str], state: State, title: str
) -> None:
    made = report(entry, *map(Verdict, verdicts.split()))
    said = track.news("nightly", made, missing, RUN)
    assert (said.state, said.title) == (state, f"Verification nightly: {title}")
    assert said.body.startswith(f"The [run]({RUN}) has the report.\n")
    assert all(f"`{run}` left no report" in said.body for run in missing)


def test_the_text_is_harmless_and_fits_however_much_was_found(entry: DocumentEntry) -> None:
    said = "@somebody closes #1 <img src=x> " + "long " * 200
    made = report(entry, *[Verdict.FAIL] * 8)
    for document in made.documents:
        document.checks = [
            Result(f"claim:{n}", CheckKind.CLAIM, Verdict.FAIL, f"{n} {said}") for n in range(40)
        ]
    text = track.news("nightly", made, ["a run"] * 40, RUN).text
    assert 60_000 < len(text) <= 65_536
    assert "@somebody" not in text
    assert "<img" not in text


def test_a_run_that_was_planned_and_left_nothing_is_missed(
    hub: Hub, entry: DocumentEntry, tmp_path: Path
) -> None:
    document = sample_documents.read("pears")
    planned = jobs.of_documents([document], "embedded", Wanted.BOTH, "").model_dump_json()
    entries.write(report(entry, Verdict.PASS), tmp_path)
    track.track("nightly", tmp_path, planned, hub.place, "")
    (issue,) = hub.open_issues
    assert issue["title"] == "Verification nightly: 1 could not be checked"
    assert f"`{document.name}, published, secretflow-1.11.0b1` left no report" in issue["body"]
    with pytest.raises(UsageError, match="is not what `verify matrix` prints"):
        track.track("nightly", tmp_path, "[]", hub.place, "")


def test_no_report_at_all_is_nothing_that_a_page_did(hub: Hub, tmp_path: Path) -> None:
    track.track("nightly", tmp_path, "", hub.place, RUN)
    assert hub.open_issues[0]["title"] == "Verification nightly: nothing could be checked"
