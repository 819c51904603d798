"""Every row of the matrix, made for real: verdict, exit code, evidence, leftovers, next run."""

import json
import os
import time
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from tests.faults import matrix
from tests.faults.fault import Fault, Seen
from tests.faults.scene import Done, Scene, of_check, ours
from verify.system import resources

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(os.environ.get(resources.NO_SANDBOX_VARIABLE)), reason="users make no namespaces here"
    ),
]


class Shared:
    """A run that rows of a batch share, and what came of it for all of them."""

    def __init__(self, scene: Scene, rows: list[Fault]) -> None:
        self.scene = scene
        began = time.monotonic()
        for one in rows:
            if one.adds:
                one.adds(scene, one.id)
        if scene.checks:
            told = ("--env", "none", "--format", "json", "-q", str(scene.root / "pages"))
            self.done = scene.run(*told, command="check")
        else:
            self.done = scene.run()
        scene.printed = self.done.out
        self.common = _common(scene, self.done)
        self.seconds = round((time.monotonic() - began) / len(rows), 1)

    def seen(self, fault: Fault) -> Seen:
        """What a row has seen of it."""
        verdict, code, evidence, out = self._page(fault) if self.scene.checks else self._of(fault)
        unsaid = "" if fault.wanted.says in self.done.out + out else fault.wanted.says
        seen = replace(self.common, id=fault.id, verdict=verdict, code=code, evidence=evidence)
        out = out or self.done.out[-8000:]
        return replace(seen, unsaid=unsaid, seconds=self.seconds, out=out)

    def _of(self, fault: Fault) -> tuple[str, int, str, str]:
        scene, name = self.scene, fault.document
        said = json.dumps(scene.document(name).get("steps", self.done.out[-8000:]), indent=1)
        return scene.verdict(name, fault.step), scene.code(name), scene.kept(name), said

    def _page(self, fault: Fault) -> tuple[str, int, str, str]:
        found = of_check(self.done)
        here = [one for one in found if Path(one["file"]).name.partition(".")[0] == fault.id]
        verdict = "unreadable" if any(one["kind"] == "unreadable" for one in here) else "judged"
        if not any(one["file"].endswith("good.md") for one in found):
            verdict = "lost"
        if any(one["kind"] == "not-checked" for one in here):
            verdict = "broke"
        code = int(any(one["severity"] == "error" for one in here))
        return verdict, code, "none", json.dumps(here, indent=1)


_SHARED: dict[str, Shared] = {}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """All rows where they were asked for, else those that are short."""
    if "fault" not in metafunc.fixturenames:
        return
    everything = metafunc.config.getoption("faults", default=None)
    rows = [one for one in matrix.faults() if everything or one.short]
    metafunc.parametrize("fault", [pytest.param(one, id=one.id) for one in rows])


def test_what_has_to_come_of_it_does(
    fault: Fault, scene: Scene, request: pytest.FixtureRequest
) -> None:
    if fault.batch and fault.batch not in _SHARED:
        chosen = [
            one.callspec.params.get("fault")
            for one in request.session.items
            if isinstance(one, pytest.Function) and hasattr(one, "callspec")
        ]
        rows = [one for one in chosen if isinstance(one, Fault) and one.batch == fault.batch]
        _SHARED[fault.batch] = Shared(scene, rows)
    seen = _SHARED[fault.batch].seen(fault) if fault.batch else _alone(fault, scene)
    there = _SHARED[fault.batch].scene if fault.batch else scene
    wrong: dict[str, object] = seen.wrong(fault.wanted)
    try:
        fault.looks(there, fault.id)
    except AssertionError as error:
        wrong["looks"] = str(error)[:2000]
    if folder := request.config.getoption("faults", default=None):
        _keep(folder / f"{fault.id}.json", seen, wrong)
    assert wrong == {}, seen.out[-6000:]


def _keep(file: Path, seen: Seen, wrong: dict[str, object]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    told = {key: str(value) for key, value in wrong.items()}
    file.write_text(json.dumps(asdict(seen) | {"wrong": told}, indent=1))


def _alone(fault: Fault, scene: Scene) -> Seen:
    assert fault.made
    began = time.monotonic()
    try:
        done = fault.made(scene)
    except Exception as error:  # noqa: BLE001  # the table tells of it as of any other
        done = Done(-1000, f"the row broke: {type(error).__name__}: {error}")
    verdict, evidence = scene.verdict(fault.document, fault.step), scene.kept()
    common = _common(scene, done, fault)
    seconds = round(time.monotonic() - began, 1)
    unsaid = "" if fault.wanted.says in done.out else fault.wanted.says
    seen = replace(common, id=fault.id, verdict=verdict, evidence=evidence)
    return replace(seen, unsaid=unsaid, seconds=seconds, out=done.out[-8000:])


def _common(scene: Scene, done: Done, fault: Fault | None = None) -> Seen:
    """What is left behind, what of ours broke, and what is wrong with the next run."""
    left = scene.left()
    scene.restore()
    if fault:
        fault.mended(scene)
    return Seen("", "", done.code, "", left, ours(done), scene.follows())
