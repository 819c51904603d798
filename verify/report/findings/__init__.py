"""What the static gate found, one renderer a file: each turns a judgement into text."""

from collections.abc import Callable

from verify.report.findings import as_github, as_json, as_sarif, as_text
from verify.report.formats import Format
from verify.static.gate import Judgement

RENDER: dict[Format, Callable[[Judgement], str]] = {
    Format.TEXT: as_text.render,
    Format.JSON: as_json.render,
    Format.GITHUB: as_github.render,
    Format.SARIF: as_sarif.render,
}
