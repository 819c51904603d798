"""What a cost grows with: how it is called, and who is measured at it."""

from dataclasses import dataclass

from tests.benchmarks.contenders import OURS, OURS_TEXT
from tests.benchmarks.record import Record
from tests.benchmarks.rounds import RUN_CELLS, RUN_CLAIMS, RUN_DOCUMENTS
from verify.system.words import Words


@dataclass(frozen=True)
class Series:
    """One line of the plot."""

    workload: str
    contender: str
    says: Words


SERIES = (
    Series("pages", OURS_TEXT, Words(zh="检查：页面", en="check: pages")),
    Series("cells", OURS_TEXT, Words(zh="检查：单元格", en="check: cells of a page")),
    Series("findings", OURS_TEXT, Words(zh="检查：发现", en="check: findings on a page")),
    Series(RUN_DOCUMENTS, OURS, Words(zh="运行：文档", en="run: documents")),
    Series(RUN_CELLS, OURS, Words(zh="运行：单元格", en="run: cells of a document")),
    Series(RUN_CLAIMS, OURS, Words(zh="运行：论断", en="run: claims of a document")),
)


def costs(record: Record, series: Series) -> list[tuple[int, list[float]]]:
    """The processor seconds at each size, smallest first."""
    found: dict[int, list[float]] = {}
    for one in record.samples:
        if (one.workload, one.contender) == (series.workload, series.contender):
            found.setdefault(one.size, []).append(one.cpu_s)
    return sorted(found.items())
