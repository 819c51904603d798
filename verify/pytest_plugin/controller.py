"""The process that makes the report."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from verify import history
from verify.contract.edition import Edition
from verify.errors import ExitCode, VerifyError
from verify.finding import Verdict
from verify.pytest_plugin.stash import (
    ASKED,
    EDITIONS,
    LOCK,
    NOTIFY,
    OPTIONS,
    REPORT,
    STARTED,
    is_document,
    is_selection,
)
from verify.report import earlier, entries, output
from verify.report.asked import Asked, AskedDocument
from verify.report.entries import Report
from verify.system import moments
from verify.system.complaints import unwritable, why
from verify.system.words import Text, said

_EDITIONS = [edition.value for edition in Edition]


class Controller:
    """The process that makes the report: it knows what was asked for, and hears what became of it.

    Workers may die, so nothing here rests on what they leave behind.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    @property
    def asked(self) -> Asked:
        """What is to be judged."""
        return self.config.stash.setdefault(ASKED, Asked(self.config.stash[OPTIONS]))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Without workers: what has been selected."""
        self._ask([item.nodeid for item in session.items])

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """With workers: what one of them has selected."""
        self._ask(ids)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A document that cannot be read was asked for all the same."""
        if report.failed and (file := self._file(report.nodeid)):
            why = report.longreprtext.strip().splitlines() or ["it cannot be read"]
            for edition in self.config.stash[EDITIONS]:
                self.asked.document(file, edition).unread = why[-1].rstrip(".")

    @pytest.hookimpl(optionalhook=True)
    def pytest_handlecrashitem(self, crashitem: str) -> None:
        """A worker died while it judged this item."""
        for document, item in self._documents([crashitem]):
            document.crashed = item

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Say of each document what became of it; our own fault outweighs a contradicted page."""
        if LOCK not in self.config.stash or not self.asked.any_read:
            return
        options, (started, began) = self.config.stash[OPTIONS], self.config.stash[STARTED]
        out = options.out
        interrupted = session.exitstatus == pytest.ExitCode.INTERRUPTED
        stopped = interrupted or bool(session.shouldstop or session.shouldfail)
        files = self.asked.entries(stopped=stopped)
        report = entries.gather(files, moments.of(started), time.monotonic() - began)
        report.missing += self.asked.unread
        if path := self.config.getoption("verify_history"):
            for problem in history.follow(report, path):
                self.config.stash[NOTIFY](problem)
        self.config.stash[REPORT] = report
        unbegun = {file.document.run for file in files if not file.begun}
        try:
            before, problem = self._before(out)
            if problem:
                self.config.stash[NOTIFY](problem)
            whole = earlier.joined(report, before, unbegun)
            entries.write(whole, out)
            output.end(out)
        except OSError as error:
            raise unwritable(out, error) from error
        output.write(whole, out, options.language)
        if report.verdict is Verdict.ERROR and session.exitstatus in (0, 1):
            session.exitstatus = int(ExitCode.OURS)

    def _before(self, out: Path) -> tuple[Report | None, Text]:
        """What earlier runs left in the output folder; of selections only the last one counts."""
        return (None, "") if is_selection(self.config) else earlier.read(out)

    def _ask(self, ids: list[str]) -> None:
        """Note what is to be judged; before the first of it, take the output folder."""
        for document, item in self._documents(ids):
            document.items.add(item)
        if not self.asked.any_read or self.config.option.collectonly:
            return
        out = self.config.stash[OPTIONS].out
        if LOCK not in self.config.stash:
            try:
                self.config.stash[LOCK] = lock = output.take(out)
            except VerifyError as error:
                language = self.config.stash[OPTIONS].language
                raise pytest.UsageError(said(why(error), language)) from error
            self.config.add_cleanup(lock.release)
        if not self._cleared:
            self._cleared = True
            output.begin(out)
            self.asked.forget()

    _cleared = False

    def _documents(self, ids: list[str]) -> Iterator[tuple[AskedDocument, str]]:
        """The documents to which items belong, each with the item."""
        for item in ids:
            edition = item.partition("::")[2].partition("::")[0]
            if edition in _EDITIONS and (file := self._file(item)):
                yield self.asked.document(file, Edition(edition)), item

    def _file(self, nodeid: str) -> Path | None:
        """The document that an item is of, if it is of one."""
        file = self.config.rootpath / nodeid.partition("::")[0]
        return file if is_document(file) else None
