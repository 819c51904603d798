"""What a run was asked for: each document in each edition has its entry, whatever became of it.

The report is made from this, and not from the files that happen to lie in the output folder: a
process that was killed, or a disk that filled up, leaves none.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from verify.contract import contract
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.errors import VerifyError
from verify.execute.run_options import Options
from verify.execute.session import Session
from verify.finding import Verdict
from verify.report import entries as model
from verify.report.covered import Coverage, Covered
from verify.report.entries import DocumentEntry, DocumentFile, StepEntry
from verify.report.outcome import Outcome
from verify.system.words import Text, Words

_STOPPED = Words(
    zh="运行在到达此文档之前被停止", en="the run was stopped before it came to this document"
)
_CRASHED = Words(
    zh="我们的一个进程在 {item} 处终止，可能是系统因内存不足所为；请再次运行，并减小 --jobs",
    en="a process of ours ended at {item}, killed by the system for want of memory perhaps; run it "
    "again, with fewer --jobs",
)
_NOT_KEPT = Words(
    zh="这次运行没有留下任何记录，或记录又被删除；请再次运行",
    en="nothing was kept of its run, or it was removed again; run it again",
)
_NO_RESULT = Words(
    zh="{of} 个步骤和检查中有 {count} 个没有结果，其中有 {item}；请再次运行",
    en="{count} of {of} steps and checks came to no result, {item} among them; run it again",
)


@dataclass
class AskedDocument:
    """One document in one edition, and what pytest says of it.

    `items` are all that was to be judged of it, `crashed` is the one at which a process died, and
    `unread` says why it could not even be read.
    """

    file: Path
    options: Options
    items: set[str] = field(default_factory=set)
    crashed: str = ""
    unread: str = ""

    def __post_init__(self) -> None:
        _ = self._session  # as it is now: cells may do as they please with files

    @cached_property
    def _session(self) -> Session | None:
        try:
            document = contract.read(self.file.with_name(contract.FILE_NAME))
            return Session(document, self.options, lambda _: None)
        except VerifyError:
            return None

    @property
    def exists(self) -> bool:
        """Whether the document has this edition; nobody knows where its contract is unreadable."""
        return self._session is None or self.options.edition in self._session.contract.editions

    def entry(self, *, stopped: bool) -> DocumentFile:
        """What there is to say of it; `stopped` says that the run did not come to its end."""
        kept = self._kept()
        why = self._problem(kept, stopped=stopped)
        begun = bool(kept or why)
        empty = DocumentFile(document=self._empty(why or _STOPPED), environment={}, begun=begun)
        file = kept or empty
        if why:
            model.not_judged(file.document, self.file, why)
        return file

    def forget(self) -> None:
        """Remove what an earlier run kept of it, which is not to be taken for this run's."""
        if self._session is not None:
            with suppress(NotADirectoryError):
                self._session.entry_file.unlink(missing_ok=True)

    def _kept(self) -> DocumentFile | None:
        if self._session is None:
            return None
        try:
            text = self._session.entry_file.read_text(encoding="utf-8")
            return DocumentFile.model_validate_json(text)
        except (OSError, ValueError):
            return None

    def _problem(self, kept: DocumentFile | None, *, stopped: bool) -> Text:
        """Why it could not be judged; empty if it was, or if nobody wanted that in the end."""
        open_ = sorted(self.items.difference(kept.judged if kept else ()))
        if self.unread:
            return self.unread
        if self.crashed in open_:
            return _CRASHED.filled(item=_short(self.crashed))
        if stopped:
            return ""
        if kept is None:
            return _NOT_KEPT
        if open_:
            count, of = len(open_), len(self.items)
            return _NO_RESULT.filled(count=count, of=of, item=_short(open_[0]))
        return ""

    def _empty(self, why: Text) -> DocumentEntry:
        """The entry of a document of which nothing has been recorded."""
        session = self._session
        document = session.contract if session else None
        name, edition, profile = self._names
        return DocumentEntry(
            name=name,
            run=session.id if session else f"{name}.{edition}.{profile}",
            derived=self.options.derives(self.file.parent),
            environment=session.environment_name if session else self.options.environment or "",
            title=document.title if document else name,
            edition=edition,
            profile=profile,
            profile_says=session.profile.says if session else "",
            upstream=document.page if document else None,
            write_up=document.ours.write_up if document and document.ours else "",
            verdict=Verdict.UNCHECKED,
            outcome=Outcome.NOT_RUN,
            duration_s=0.0,
            peak_memory_bytes=0,
            steps=_steps(document, why),
            checks=[],
            findings=[],
            overrides=[],
            undecided={},
            errata=[],
            trainings=[],
            coverage=_nothing(document),
            receipt=None,
        )

    @property
    def _names(self) -> tuple[str, str, str]:
        return self.file.parent.name, self.options.edition.value, self.options.profile


class Asked:
    """The documents that a run was asked for."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.unread: list[Text] = []  # what there is to say of pages of which there is no document
        self._documents: dict[tuple[Path, Edition], AskedDocument] = {}

    def document(self, file: Path, edition: Edition) -> AskedDocument:
        """One of them, by its file; it is asked for from now on."""
        key = file.parent.resolve() / file.name, edition  # pytest may know it by another link
        if key not in self._documents:
            options = replace(self._options, edition=edition)
            self._documents[key] = AskedDocument(file.absolute(), options)
        return self._documents[key]

    @property
    def any_read(self) -> bool:
        """Whether there was anything to judge."""
        return any(one.items for one in self._documents.values())

    def forget(self) -> None:
        """Remove what earlier runs kept of them."""
        for one in self._documents.values():
            one.forget()

    def entries(self, *, stopped: bool) -> list[DocumentFile]:
        """What there is to say of each."""
        asked = (one for one in self._documents.values() if one.exists)
        return [one.entry(stopped=stopped) for one in asked]


def of_contracts(
    contracts: Iterable[Contract], options: Options, editions: Iterable[Edition]
) -> Asked:
    """Documents by their contracts, in each of these editions that they have."""
    asked, wanted = Asked(options), tuple(editions)
    for one in contracts:
        for edition in wanted:
            if edition in one.editions:
                asked.document(one.file, edition)
    return asked


def _steps(document: Contract | None, why: Text) -> list[StepEntry]:
    return [
        StepEntry(
            id=step.id,
            says=step.says,
            cells=step.cells,
            verdict=Verdict.UNCHECKED,
            duration_s=None,
            reason=why,
        )
        for step in (document.steps if document else ())
    ]


def _nothing(document: Contract | None) -> Coverage:
    none = {verdict.value: 0 for verdict in Verdict}
    return Coverage(
        steps=len(document.steps) if document else 0,
        steps_run=0,
        code_cells=sum(len(step.cells) for step in document.steps) if document else 0,
        code_cells_run=0,
        prose_numbers=Covered(of=0, done=0),
        stored_outputs=Covered(of=0, done=0),
        calls=Covered(of=0, done=0),
        links=Covered(of=0, done=0),
        claims=dict(none),
        checks=dict(none),
    )


def _short(item: str) -> str:
    """An item of pytest without the file and the edition."""
    return item.split("::", 2)[-1]
