"""A row of the matrix: what is done to a run, and what has to come of it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from tests.faults.scene import Done, Scene
from verify.system.words import Words


@dataclass(frozen=True)
class Wanted:
    """What has to come of a fault.

    `verdict` is that of the document `small`, or of its step `step`; `none` where no report has it.
    Of `check` it says whether the bad page was `judged` or is `unreadable`. `evidence` is `kept`,
    `incomplete` where the report says so, or `none` where no kernel ran. `says` is part of what the
    command prints.
    """

    verdict: str
    code: int
    evidence: str = "kept"
    says: str = ""


FAILS, LACKS = Wanted("fail", 1), Wanted("error", 3)
WELL, OPEN = Wanted("pass", 0), Wanted("unchecked", 3)


@dataclass(frozen=True)
class Fault:
    """A fault: how it is called in both languages, how it is made, and what is wanted.

    It is `made` in a run of its own; or it `adds` a document of its name, or a page, to a run that
    the rows of a `batch` share, so that none may take others with it. Then the exit code is what
    the document alone would give. `looks` asserts more of what came of it.

    `short` belongs to the tests that are always run. `mended` takes the fault away before the next
    run. `step` is the step whose verdict counts, in the document `of`. `parties` needs the real
    SecretFlow.
    """

    id: str
    name: Words
    wanted: Wanted
    made: Callable[[Scene], Done] | None = None
    adds: Callable[[Scene, str], None] | None = None
    batch: str = ""
    looks: Callable[[Scene, str], None] = lambda *_: None
    mended: Callable[[Scene], None] = lambda _: None
    short: bool = False
    of: str = ""
    step: str = ""
    parties: bool = False

    @property
    def document(self) -> str:
        """The document that the row is about."""
        return self.of or (self.id if self.batch else "small")

    @property
    def group(self) -> str:
        """What stays with one worker: those that share a run, and those that need most memory."""
        return self.batch or ("parties" if self.parties else self.id)


@dataclass(frozen=True)
class Subject:
    """Faults that belong together."""

    title: Words
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Seen:
    """What came of a fault.

    `left` names processes, sockets and files that outlived the run, `broke` what of our own came to
    the surface (a traceback, a fault of ours, documents that are not what they were), `follows`
    what was wrong with the next run; each is empty where all is well.
    """

    id: str
    verdict: str
    code: int
    evidence: str
    left: list[str] = field(default_factory=list)
    broke: list[str] = field(default_factory=list)
    follows: str = ""
    unsaid: str = ""
    seconds: float = 0
    out: str = ""

    def wrong(self, wanted: Wanted) -> dict[str, object]:
        """What is not as it has to be; nothing if the row is right."""
        differs = {
            key: (getattr(self, key), want)
            for key, want in asdict(wanted).items()
            if key != "says" and getattr(self, key) != want
        }
        bad = {key: getattr(self, key) for key in ("left", "broke", "follows", "unsaid")}
        return differs | {key: value for key, value in bad.items() if value}
