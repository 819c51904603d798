"""Which trainings a conclusion compares.

Both sides must be clear: from what the code says of the trainings' weights, parties and settings,
and from the words of the sentence. If one side alone is named, the other is its contrary.
"""

import re
from collections.abc import Iterator
from itertools import product

from verify.rules.outputs import trainings, vocabulary
from verify.rules.outputs.conclusions import Conclusion
from verify.rules.outputs.trainings import LoggedRun

_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w.]*\d)")
_PARTIES = {
    "federated": vocabulary.FEDERATED,
    "split": vocabulary.SPLIT,
    "local": vocabulary.LOCAL,
}
_IDENTIFIER = re.compile(r"\b[A-Za-z]+(?:[A-Z_0-9])[A-Za-z0-9_]*\b")


def pairs(conclusion: Conclusion, runs: list[LoggedRun]) -> list[tuple[LoggedRun, LoggedRun]]:
    """The trainings that a sentence compares; none unless both sides are clear."""
    one = _meant(conclusion.one, runs, conclusion.sentence)
    if conclusion.other:
        other = _meant(conclusion.other, runs, conclusion.sentence)
    elif vocabulary.SUPERLATIVE.search(conclusion.sentence) and one:
        return [(one[0], run) for run in runs if run not in one] if len(one) == 1 else []
    else:
        one, other = _contrast(conclusion.sentence, runs)
    one, other = [run for run in one if run not in other], [run for run in other if run not in one]
    if not one or not other:
        return []
    return _matched(one, other)


def _traits(text: str) -> dict[str, object]:
    """What a text says of a training, in terms of what is known of trainings."""
    found: dict[str, object] = {}
    pretrained = trainings.says_pretrained(text)
    if pretrained is not None:
        found["pretrained"] = pretrained
    settings = [name for name, pattern in _PARTIES.items() if pattern.search(text)]
    if settings == ["federated", "split"]:
        settings = ["split"]
    if len(settings) == 1:
        found["setting"] = settings[0]
    if vocabulary.UNCOMPRESSED.search(text):
        found["compressed"] = False
    elif vocabulary.COMPRESSED.search(text):
        found["compressed"] = True
    return found


def _has(run: LoggedRun, traits: dict[str, object]) -> bool:
    return all(getattr(run, name) == value for name, value in traits.items())


def _meant(text: str, runs: list[LoggedRun], sentence: str) -> list[LoggedRun]:
    """The trainings that a phrase stands for; none if it could be all of them."""
    traits = _traits(text)
    tells = {name: value for name, value in traits.items() if _divides(name, runs)}
    meant = [run for run in runs if _has(run, traits)] if tells else list(runs)
    words = {trainings.plain(word) for word in _phrases(text)} - vocabulary.COMMON
    keys = [
        key
        for pattern, some in vocabulary.SETTINGS.items()
        if pattern.search(sentence)
        for key in some
    ]
    words |= {f"{key}={number}" for key in keys for number in _NUMBER.findall(text)}
    named = {word: [run for run in runs if word in run.names] for word in words if len(word) > 2}  # noqa: PLR2004
    for word in _IDENTIFIER.findall(text):  # FedAvg for fed_avg_w
        start = trainings.plain(word)
        if not named.get(start) and len(start) > 4:  # noqa: PLR2004
            named[start] = [run for run in runs if any(n.startswith(start) for n in run.names)]
    named = {word: having for word, having in named.items() if 0 < len(having) < len(runs)}
    for having in named.values():
        meant = [run for run in meant if run in having]
    return meant if tells or named else []


def _divides(trait: str, runs: list[LoggedRun]) -> bool:
    return len({getattr(run, trait) for run in runs}) > 1


def _phrases(text: str) -> Iterator[str]:
    """The names in a text: single words, and two or three in a row."""
    words = re.findall(r"[A-Za-z][A-Za-z0-9]*(?:[-_.][A-Za-z0-9]+)*|\d+(?:\.\d+)?", text)
    for size in (1, 2, 3):
        for i in range(len(words) - size + 1):
            yield "".join(words[i : i + size])


def _contrast(sentence: str, runs: list[LoggedRun]) -> tuple[list[LoggedRun], list[LoggedRun]]:
    """Where one side alone is named: those with a trait against those without it."""
    traits = {name: value for name, value in _traits(sentence).items() if _divides(name, runs)}
    # A sentence may say where it was tried (federated) and what is better there (pretrained).
    for name in ("pretrained", "compressed", "setting"):
        if name in traits:
            rest = {key: value for key, value in traits.items() if key != name}
            alike = [run for run in runs if _has(run, rest)]
            one = [run for run in alike if getattr(run, name) == traits[name]]
            other = [run for run in alike if getattr(run, name) not in (traits[name], None)]
            return one, other
    return [], []


def _matched(one: list[LoggedRun], other: list[LoggedRun]) -> list[tuple[LoggedRun, LoggedRun]]:
    """Pairs that differ in as little as possible; none where that is not clear."""
    if len(one) == len(other) == 1:
        return [(one[0], other[0])]
    distances = {(a, b): _distance(a, b) for a, b in product(one, other)}
    pairs = []
    for a, b in product(one, other):
        nearest_to_a = [x for x in other if distances[a, x] <= distances[a, b]]
        nearest_to_b = [x for x in one if distances[x, b] <= distances[a, b]]
        if nearest_to_a == [b] and nearest_to_b == [a]:
            pairs.append((a, b))
    return pairs


def _distance(a: LoggedRun, b: LoggedRun) -> float:
    """How much two trainings differ in code, and in the headings that they stand under."""
    names = len(a.names ^ b.names) / max(1, len(a.names | b.names))
    headings = len(set(a.headings) ^ set(b.headings)) / 10
    settings = (a.setting != b.setting) + (a.compressed != b.compressed)
    return names + headings + settings
