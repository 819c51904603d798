"""Nobody sees a party's own weights: leaks are told, and chance is not taken for one."""

from typing import Any

import numpy as np
import pytest
from docprobe import masking

from tests.checks.builders import averaged, federated, judged_together, message, party
from verify.checks import privacy
from verify.evidence.evidence import Message, TrainingRun
from verify.finding import Result, Verdict


def of(run: TrainingRun, **documented: Any) -> Result:
    return judged_together(privacy.CHECK, run, **documented)


def seen(*messages: Message, **changed: Any) -> TrainingRun:
    """A training in whose second round these messages were seen, and no others."""
    rounds = (averaged(messages=()), averaged(1, **{"messages": messages} | changed))
    return federated(rounds=rounds)


def test_masked_messages_pass_and_what_remains_to_be_known_is_said() -> None:
    result = of(seen(message("alice"), message("bob"), inferred=2e-6))
    assert result.verdict is Verdict.PASS
    assert str(result.says) == "only masked weights leave a party"
    assert str(result.observed) == (
        "2 messages to carol, none to be told from chance; "
        "carol also learns how many samples each party trained on; alice and bob are two: "
        "from the average each computes the other's weights to within 2e-06, whatever the masks"
    )
    assert str(result.tolerance).endswith("false alarms 1e-06 a training")


def test_of_three_parties_two_together_know_the_third() -> None:
    names = ("alice", "bob", "dave")
    rounds = (averaged(names=names, parties=3),)
    result = of(federated(rounds=rounds))
    assert result.verdict is Verdict.PASS
    assert str(result.observed).endswith("any 2 parties together can compute the last one's")


LEAKING = (255.0, 255.0, 900.0, *(255.0,) * 5)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"plain": True, "uniform": (), "fresh": ()}, "are its own weights"),
        ({"plain": True}, "are its own weights"),
        ({"uniform": (), "fresh": ()}, "is not masked"),
        ({"correlation": 0.2}, "correlates with weights by 0.2"),
        ({"correlation": -0.2}, "correlates with weights by -0.2"),
        ({"correlation": 1.0, "elements": 60}, "correlates with weights by 1"),
        ({"uniform": LEAKING}, "is not uniform"),
        ({"uniform": (float("nan"),) * 8}, "is not uniform"),
        ({"fresh": LEAKING}, "is masked as in the round before"),
    ],
)
def test_each_leak_is_told_with_its_way(changed: dict[str, Any], problem: str) -> None:
    result = of(seen(message("alice"), message("bob", **changed)))
    assert (result.verdict, str(result.observed)) == (
        Verdict.FAIL,
        f"what bob sent to carol {problem}",
    )


def test_a_leak_of_every_round_is_told_once() -> None:
    leak = message("bob", plain=True)
    assert str(of(federated(rounds=(averaged(messages=(leak, leak)),) * 3)).observed) == (
        "what bob sent to carol are its own weights"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"elements": 1279, "uniform": LEAKING, "fresh": LEAKING},
        {"elements": 1, "correlation": 1.0, "uniform": (65025.0,) * 8},
        {"correlation": 0.07},
        {"uniform": (380.0,) * 8},
        {"fresh": ()},
    ],
)
def test_what_may_be_chance_passes(changed: dict[str, Any]) -> None:
    assert of(seen(message(**changed))).verdict is Verdict.PASS


def test_that_few_numbers_are_not_tested_is_said() -> None:
    few = of(seen(message(elements=1279)))
    assert "(uniformity not tested below 1280 numbers)" in str(few.observed)


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        (federated(rounds=()), "no message with weights was seen"),
        (seen(), "no message with weights was seen"),
        (seen(message(elements=0)), "no message with weights was seen"),
        (seen(reason="it is shared"), "it is shared"),
        (seen(fault="OSError: gone"), "OSError: gone"),
    ],
)
def test_without_messages_nothing_is_decided(run: TrainingRun, reason: str) -> None:
    for secure in (True, False):
        result = of(run, secure=secure)
        assert (result.verdict, str(result.reason)) == (Verdict.UNCHECKED, reason)


OPEN: dict[str, Any] = {"plain": True, "uniform": (), "fresh": ()}


@pytest.mark.parametrize(
    ("messages", "verdict", "observed"),
    [
        ((message("alice", **OPEN), message("bob", **OPEN)), Verdict.PASS, "carol saw them"),
        ((message("alice", "bob", **OPEN), message()), Verdict.PASS, "bob saw them"),
        ((message("alice"), message("bob")), Verdict.FAIL, "nobody saw them"),
    ],
)
def test_a_page_that_aggregates_in_the_open_says_so(
    messages: tuple[Message, ...], verdict: Verdict, observed: str
) -> None:
    result = of(seen(*messages), secure=False)
    assert (result.verdict, str(result.observed)) == (verdict, observed)
    assert str(result.says) == "the parties' weights are aggregated in the open"


def test_chance_alone_raises_no_alarm() -> None:
    """200 trainings whose messages are truly uniform, of few numbers and of many."""
    generator = np.random.default_rng(8)
    verdicts = []
    for number in range(200):
        size = (1280, 2000, 20000)[number % 3]
        plain = generator.normal(size=size)
        before = generator.integers(0, 2**64, size, np.uint64)
        rounds = []
        for _ in range(3):
            now = generator.integers(0, 2**64, size, np.uint64)
            leak = message(
                elements=size,
                correlation=masking.correlation(now.view(np.int64), plain),
                uniform=tuple(masking.chi_square(now)),
                fresh=tuple(masking.chi_square(now - before)),
            )
            rounds.append(averaged(messages=(leak,)))
            before = now
        verdicts.append(of(federated(party("alice"), party("bob"), rounds=tuple(rounds))).verdict)
    assert verdicts == [Verdict.PASS] * 200


@pytest.mark.parametrize("share", [0.0, 0.15, 0.5])
def test_a_mask_too_small_for_its_numbers_is_told(share: float) -> None:
    """Masks of fewer bits than the ring, and numbers that shine through them."""
    generator = np.random.default_rng(9)
    plain = generator.normal(size=4000)
    bits = 64 if share == 0 else 40
    masks = generator.integers(0, 2**bits, 4000, np.uint64)
    sent = masks + (plain * 2.0**40 * share).astype(np.int64).view(np.uint64)
    looked_at = message(
        elements=4000,
        correlation=masking.correlation(sent.view(np.int64), plain),
        uniform=tuple(masking.chi_square(sent)),
        fresh=(),
    )
    result = of(seen(looked_at))
    assert result.verdict is (Verdict.PASS if share == 0 else Verdict.FAIL)
