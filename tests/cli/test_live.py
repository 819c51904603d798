"""Progress: which document of several has begun, how long all may take, and what objects."""

import io
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timezone
from types import MappingProxyType

import pytest
from rich.console import Console

from verify.cli.live import Live
from verify.cli.planned import Planned
from verify.history.durations import Took

FEW = {"pears.published": 60.0, "plums.published": 90.0}
MANY = {f"tree-{i}.published": 60.0 for i in range(4)}


def _plan(
    expected_s: Mapping[str, float | None], kept: Mapping[str, datetime] = MappingProxyType({})
) -> dict[str, Planned]:
    """Documents that take so long, those that are `kept` none at all."""
    return {
        name: Planned(
            document=name,
            called=name,
            edition="",
            kept=kept.get(name),
            why="",
            expected_s=s,
            peak_bytes=None,
        )
        for name, s in expected_s.items()
    }


def _told(expected_s: Mapping[str, float | None], *items: tuple[str, str]) -> str:
    """What is printed while these items come out so."""
    out = io.StringIO()
    console = Console(file=out, width=200)
    live = Live(console, console, _plan(expected_s))
    for nodeid, verdict in items:
        _run(live, nodeid, verdict)
    return out.getvalue()


def _run(live: Live, nodeid: str, verdict: str) -> None:
    live.pytest_runtest_logstart(nodeid)
    said: list[tuple[str, object]] = [("verdict", verdict), ("sentence", f"{verdict} it is")]
    place = ("", None, "")
    live.pytest_runtest_logreport(
        pytest.TestReport(nodeid, place, {}, "passed", None, "call", user_properties=said)
    )


def _item(document: str, step: str) -> str:
    return f"drafts/{document}/contract.toml::published::run:{step}"


def test_of_several_documents_each_is_announced_with_what_is_left() -> None:
    told = _told(
        FEW,
        (_item("pears", "a"), "pass"),
        (_item("pears", "b"), "pass"),
        (_item("plums", "a"), "pass"),
    )
    assert told.count("1 of 2: pears, published edition  about 2:30 left in all") == 1
    assert "2 of 2: plums, published edition  about 1:30 left in all" in told
    assert told.count("✓") == 3
    alone = _told({"pears.published": 60.0}, (_item("pears", "a"), "pass"))
    assert "1 of 1: pears, published edition  about 1:00 left in all" in alone


def test_what_is_left_is_said_to_be_unknown_where_it_is() -> None:
    pears = (_item("pears", "a"), "pass")
    new = _told({"pears.published": None, "plums.published": 90.0}, pears)
    assert "about 1:30 left in all, beside 1 of unknown length" in new
    assert new.rstrip().endswith("0:00 elapsed")
    alone = _told({"pears.published": None}, pears)
    assert "how long it takes is unknown: it has not run here yet" in alone
    late = _told({"pears.published": 0.0}, pears)
    assert "longer than the 0:00 expected" in late


def test_what_is_left_counts_the_steps_that_are_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    out = io.StringIO()
    console = Console(file=out, width=200)
    took = Took(whole=600.0, steps={"a": 10.0, "b": 65.0, "c": 25.0})
    plan = _plan({"pears.published": 600.0})
    live = Live(console, console, {name: replace(one, took=took) for name, one in plan.items()})
    for step in ("a", "b", "c", "new"):
        _run(live, _item("pears", step), "pass")
    lines = [line.split("elapsed, ")[1] for line in out.getvalue().splitlines() if "✓" in line]
    assert lines == ["about 1:30 left", "about 0:25 left", "about 0:00 left", "about 10:00 left"]


def test_a_document_that_is_taken_as_it_ran_says_when_that_was_and_takes_no_time() -> None:
    out = io.StringIO()
    console = Console(file=out, width=200)
    ran = {"pears.published": datetime(2026, 3, 4, 5, 6, tzinfo=timezone.utc)}
    live = Live(console, console, _plan(FEW, ran))
    live.pytest_runtest_logstart(_item("pears", "a"))
    live.pytest_runtest_logstart(_item("plums", "a"))
    said = "1 of 2: pears, published edition, as it ran 2026-03-04 05:06 UTC  about 1:30 left"
    assert said in out.getvalue()
    assert "2 of 2: plums, published edition  about 1:30 left in all" in out.getvalue()


def test_what_is_told_besides_may_look_like_markup() -> None:
    out = io.StringIO()
    console = Console(file=out, width=200)
    Live(console, console, _plan(FEW)).notify("Reading [/tmp/pears] and [bold]plums")
    assert out.getvalue() == "  Reading [/tmp/pears] and [bold]plums\n"


def test_of_what_counts_up_not_each_number_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    console = Console(file=out, width=200)
    live = Live(console, console, _plan(FEW))
    clock = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: clock)
    for done, clock in enumerate((100.0, 101.0, 109.0, 110.5, 111.0)):  # noqa: B007  # heard above
        live.notify(f"Reading {done} of 5")
    live.notify("Reading pears")
    assert out.getvalue() == "  Reading 0 of 5\n  Reading 3 of 5\n  Reading pears\n"


def test_of_many_documents_only_what_objects_has_a_line() -> None:
    told = _told(
        MANY,
        (_item("tree-0", "a"), "pass"),
        (_item("tree-0", "b"), "fail"),
        (_item("tree-1", "c"), "erratum"),
        (_item("tree-1", "d"), "unchecked"),
    )
    assert "run:a" not in told
    assert "run:d" not in told
    assert "run:b" in told
    assert "fail it is" in told
    assert "erratum it is" in told
