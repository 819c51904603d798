"""What was judged of a document, how much of it was looked at, and what is open, in words."""

from collections.abc import Iterator, Mapping

from verify.finding import Basis, Verdict
from verify.report.covered import Coverage
from verify.report.entries import DocumentEntry
from verify.system.words import Text, Words, joined

# Of single checks and steps.
CAME_OUT = {
    Verdict.PASS: Words(zh="属实", en="pass"),
    Verdict.ERRATUM: Words(zh="已知勘误", en="erratum"),
    Verdict.UNCHECKED: Words(zh="未判定", en="unchecked"),
    Verdict.FAIL: Words(zh="不符", en="fail"),
    Verdict.ERROR: Words(zh="工具出错", en="error"),
}
_DECIDED = (Verdict.PASS, Verdict.ERRATUM, Verdict.FAIL)
_COUNT = Words(zh="{count} 项{what}", en="{count} {what}")
_STEPS_RUN = Words(zh="{of} 个步骤中运行了 {ran} 个", en="{ran} of {of} steps run")
_CELLS_RUN = Words(zh="{of} 个代码单元格中运行了 {ran} 个", en="{ran} of {of} code cells run")
_COVERAGE = Words(
    zh="覆盖情况：{parts}；论断：{claims}。", en="Coverage: {parts}; claims: {claims}."
)
_OUTPUTS = Words(
    zh="{of} 个已存输出中比较了 {done} 个", en="{done} of {of} stored outputs compared"
)
_CALLS = Words(
    zh="{of} 个调用中有 {done} 个已执行并完整读出",
    en="{done} of {of} calls carried out and read whole",
)
_NUMBERS = Words(
    zh="正文的 {of} 个数字中有 {done} 个有论断或豁免",
    en="{done} of {of} numbers of the prose claimed or waived",
)
_LINKS = Words(zh="{of} 个链接中检查了 {done} 个", en="{done} of {of} links checked")
_BECAUSE = Words(zh="{what}（{why}）", en="{what} ({why})")
_NONE = Words(zh="无", en="none")
_BASIS = Words(zh="{count} 条{how}", en="{count} {how}")
_CLAIMS_DECIDED = Words(zh="{of} 条中判定了 {done} 条", en="{done} of {of} decided")


def coverage_line(document: DocumentEntry) -> Words:
    """How much of the page was looked at, in one sentence."""
    seen = document.coverage
    if document.upstream is None:  # there is no page whose statements could be counted
        steps = _STEPS_RUN.filled(ran=seen.steps_run, of=seen.steps)
        return _COVERAGE.filled(parts=steps, claims=_claims(seen))
    cells = _CELLS_RUN.filled(ran=seen.code_cells_run, of=seen.code_cells)
    parts: list[Text] = [cells]
    for covered, what in (
        (seen.stored_outputs, _OUTPUTS),
        (seen.calls, _CALLS),
        (seen.prose_numbers, _NUMBERS),
        (seen.links, _LINKS),
    ):
        if covered.of:
            parts.append(what.filled(done=covered.done, of=covered.of))
    return _COVERAGE.filled(parts=joined(parts, zh="，", en=", "), claims=_claims(seen))


def _claims(seen: Coverage) -> Text:
    """How many claims are decided, how, and how they came out."""
    done = sum(seen.claims.get(verdict.value, 0) for verdict in _DECIDED)
    if not any(seen.claims.values()):
        return _NONE
    told: Text = _CLAIMS_DECIDED.filled(done=done, of=sum(seen.claims.values()))
    decided = ((seen.decided.get(basis.value, 0), basis.words) for basis in Basis)
    how = [_BASIS.filled(count=count, how=words) for count, words in decided if count]
    if how:
        told = _BECAUSE.filled(what=told, why=joined(how, zh="，", en=", "))
    return joined((told, *_counts(seen.claims)), zh="，", en=", ")


def _counts(verdicts: Mapping[str, int]) -> Iterator[Words]:
    for name, count in verdicts.items():
        if count:
            yield _COUNT.filled(count=count, what=CAME_OUT[Verdict(name)])


def counted(document: DocumentEntry) -> Text:
    """How its checks came out, in words."""
    return joined(_counts(document.coverage.checks), zh="，", en=", ")
