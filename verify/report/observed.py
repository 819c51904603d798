"""When a run was observed that was not carried out for a report: it was kept, and judged anew."""

from datetime import datetime

from pydantic import BaseModel

from verify.execute.session import Session
from verify.system import moments

_SHOWN = 12


class Observed(BaseModel):
    """`evidence` is the key of the kept run, `source` the file that brought it, if one did.

    `cpu` is the processor, where that is another one than this machine's.
    """

    moment: datetime
    evidence: str
    source: str = ""
    cpu: str = ""

    @classmethod
    def of_session(cls, session: Session) -> "Observed | None":
        """Nothing for a run that was carried out just now."""
        if session.observed is None:
            return None
        kept = session.observed.kept
        moment = moments.of(session.observed.recording.started)
        source = kept.label.source if kept.label else ""
        was = kept.label.parts if kept.label else {}
        here = was == session.key_parts
        cpu = "" if here else session.observed.recording.receipt.cpu
        return cls(moment=moment, evidence=kept.key[:_SHOWN], source=source, cpu=cpu)
