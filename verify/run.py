"""`verify run`: pytest over the chosen documents, with our own progress and report."""

from pathlib import Path

import pytest
from rich.console import Console

from verify import durations, pytest_plugin
from verify.contract import Contract
from verify.errors import ExitCode
from verify.finding import Verdict
from verify.report import model, terminal
from verify.report.live import Live

_PYTEST_OPTIONS = [
    "--override-ini=addopts=",  # what a project wants for its own tests
    "--capture=no",
    "-p",
    "no:terminal",
    "-p",
    "no:warnings",
    "-p",
    "no:cacheprovider",
    "--continue-on-collection-errors",
]


class _Setup:
    """Hands our progress to the plugin before documents are collected."""

    def __init__(self, live: Live) -> None:
        self.live = live

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[pytest_plugin.NOTIFY] = self.live.notify


def run_documents(
    contracts: list[Contract], *, profile: str, mirror: str | None, out: Path, jobs: int
) -> ExitCode:
    """Run and judge documents; show and write the report.

    Args:
        contracts: the documents.
        profile: the profile for all of them.
        mirror: where download hosts are found, if not at their own addresses.
        out: the folder for reports and evidence.
        jobs: how many documents run at once.
    """
    console = Console()
    out = out.absolute()
    (out / "report.json").unlink(missing_ok=True)
    live = Live(console, {c.name: durations.expected_s(c, profile) for c in contracts})
    console.print(f"{len(contracts)} document(s), profile {profile}, output in {out}")
    arguments = [*_PYTEST_OPTIONS, f"--verify-out={out}", f"--profile={profile}"]
    arguments += [f"--junitxml={out / 'junit.xml'}"]
    arguments += [f"--mirror={mirror}"] if mirror else []
    arguments += ["-n", str(jobs)] if jobs > 1 else []
    arguments += [str(contract.edition_path) for contract in contracts]
    status = pytest.main(arguments, plugins=[_Setup(live), live])
    if live.interrupted:
        return ExitCode.INTERRUPTED
    if not (out / "report.json").exists():
        return ExitCode.USAGE if status == pytest.ExitCode.INTERRUPTED else ExitCode.OURS
    report = model.read(out / "report.json")
    terminal.show(report, console)
    console.print(f"Report: {out / 'report.json'}", highlight=False, soft_wrap=True)
    durations.note(
        {f"{d.name}.{d.profile}": d.duration_s for d in report.documents if d.verdict in _WHOLE}
    )
    return ExitCode.OURS if status == pytest.ExitCode.INTERNAL_ERROR else report.exit_code


_WHOLE = (Verdict.PASS, Verdict.FAIL)
