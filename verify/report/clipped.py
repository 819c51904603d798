"""Text kept within the limits of where it is shown, with a word on what is left out."""

from collections.abc import Iterable

from verify.system.words import Language, Words

_MORE = Words(
    zh="还有 {count} 行放不下：见 `report.html` 或 `report.json`。",
    en="{count} more lines do not fit here: see `report.html`, or `report.json`.",
)

# GitHub drops a step's summary of more than 1 MiB, and refuses a comment or an issue of more than
# 65,536 characters: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
STEP_SUMMARY_BYTES = 2**20
COMMENT_BYTES = 65_000
_LONGEST_SENTENCE = 2_000
_NOTE_BYTES = 200


def sentence(text: str, longest: int = _LONGEST_SENTENCE) -> str:
    """A sentence, its end left out where it is longer than `longest` characters."""
    return text if len(text) <= longest else f"{text[:longest]}…"


def lines(some: Iterable[str], most_bytes: int, language: Language) -> str:
    """Lines of Markdown as one text, the last ones left out where it would be too long."""
    every = list(some)
    kept: list[str] = []
    left = most_bytes - _NOTE_BYTES
    for line in every:
        left -= len(line.encode(errors="surrogatepass")) + 1
        if left < 0:
            more = len(every) - len(kept)
            note = _MORE.filled(count=more).of(language)
            return "\n".join([*kept, "", note, ""])
        kept.append(line)
    return "\n".join([*kept, ""])
