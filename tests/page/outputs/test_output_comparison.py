"""Each class of outputs has a pair that belongs to it, and a nearly identical one that differs."""

from typing import Any

import pytest

from tests.page.outputs.outputs import FRAME, error, figure, frame, log, printed, result
from verify.page.outputs import bands, output_comparison, output_reading
from verify.page.outputs.output_comparison import Comparison, OutputClass
from verify.page.outputs.output_reading import Slot

EQUAL, BAND, VARIES, DIFFERENT = (
    OutputClass.EQUAL,
    OutputClass.WITHIN_BAND,
    OutputClass.VARIES,
    OutputClass.DIFFERENT,
)
HLO = "HloModule area, entry={(s32[2]{0})->f32[]}\n\nENTRY main.6 {\n  ROOT a.1 = f32[] p(0)\n}\n\n"
BAR = "100%%|██████████| 8/8 [00:0%d<00:00, 4.%dit/s, epoch: %d/2 - loss:%s]"
KERAS = "Epoch 1/2\n8/8 [====] - %ds - loss: %s\nEpoch 2/2\n8/8 [====] - 1s - loss: 0.3\n"


def compared(
    stored: list[dict[str, Any]], run: list[dict[str, Any]], *, fixed_point: bool = False
) -> list[Comparison]:
    band = bands.of_fixed_point if fixed_point else bands.of_stored
    stored_, ours = (output_reading.of_cell(outputs, "show()") for outputs in (stored, run))
    return list(output_comparison.compare(stored_, ours, band))


def only(stored: dict[str, Any], run: dict[str, Any], **more: Any) -> Comparison:
    (found,) = compared([stored], [run], **more)
    return found


@pytest.mark.parametrize(
    ("stored", "run", "other"),
    [
        # The same, however it was broken into lines.
        (printed("7 herons\n"), printed("7 herons"), printed("8 herons")),
        (
            printed("[[1. 2.]\n [3. 4.]]"),
            printed("[[1.0 2.0]\n   [3.0 4.0]]"),
            printed("[[1. 2.]\n [4. 3.]]"),
        ),
        (
            result("array([[1, 2], [3, 4]])"),
            result("array([[1, 2],\n       [3, 4]])"),
            result("array([[1, 2, 3, 4]])"),
        ),
        (
            result("{'a': 1,\n 'b': [2, 3]}"),
            result("{'a': 1, 'b': [2, 3]}"),
            result("{'a': 1, 'b': [3, 2]}"),
        ),
        (result("{'b', 'a'}"), result("{'a', 'b'}"), result("{'a', 'c'}")),
        (result("('b', 'a')"), result("('b',\n 'a')"), result("('a', 'b')")),
        (result("b'pear'"), result("b'pear'"), result("'pear'")),
        (result("True"), result("True"), result("False")),
        (
            printed("a\rb\rdone\n"),
            printed("done\n"),
            printed("gone\n"),
        ),
        (frame(), frame(), frame(FRAME.replace(">5.1<", ">5.2<"))),
        (frame(), frame(), frame(FRAME.replace("sepal", "petal"))),
        (frame(), frame(), frame(FRAME.replace("150 rows", "149 rows"))),
        (
            printed("   a    b\n0  1  rose\n1  2  lily"),
            printed("   a    b\n0  1  rose\n1  2  lily\n"),
            printed("   a    b\n0  1  rose\n1  2  tulip"),
        ),
        (error("ValueError", "no pears"), error("ValueError", "no pears"), error("KeyError", "p")),
        (figure(axes=2), figure(axes=2), figure(axes=3)),
        (figure(), figure(), figure(width=3, height=9)),
    ],
)
def test_the_same_is_equal_and_another_thing_is_different(
    stored: dict[str, Any], run: dict[str, Any], other: dict[str, Any]
) -> None:
    assert only(stored, run).kind is EQUAL
    assert only(stored, other).kind is DIFFERENT


@pytest.mark.parametrize(
    ("stored", "run", "other"),
    [
        ("mean 0.5312", "mean 0.5313", "mean 0.5314"),
        ("auc=0.9878807730101539", "auc=0.987880773010154", "auc=0.987"),
        ("array([0.1, 0.2125])", "array([0.1, 0.2126])", "array([0.1, 0.2225])"),
        ("loss 1.253e-3", "loss 1.254e-3", "loss 1.255e-3"),
        ("112.3790", "112.379", "112.0"),
        ("0.5000001", "0.5", "0.4"),
    ],
)
def test_numbers_have_the_band_of_their_last_digit(stored: str, run: str, other: str) -> None:
    found = only(result(stored), result(run))
    assert (found.kind, str(found.why)[:3]) in {(BAND, "the"), (EQUAL, "")}
    assert only(result(stored), result(other)).kind is DIFFERENT


@pytest.mark.parametrize(("stored", "run"), [("mean 0.53", "mean 0.54"), ("5.1", "5.2")])
def test_the_last_of_few_digits_counts(stored: str, run: str) -> None:
    assert only(result(stored), result(run)).kind is DIFFERENT


@pytest.mark.parametrize(
    ("stored", "run", "other"),
    [
        ("avg=13.374797821044922", "avg=13.375000", "avg=13.376"),
        (
            "array(4.999962, dtype=float32)",
            "array(5., dtype=float32)",
            "array(5.001, dtype=float32)",
        ),
        ("array(4.999962, dtype=float32)", "array(5., dtype=float32)", "array(4.999962)"),
    ],
)
def test_fixed_point_has_a_band_of_its_own(stored: str, run: str, other: str) -> None:
    found = only(result(stored), result(run), fixed_point=True)
    assert (found.kind, str(found.why)[:16]) == (BAND, "eight operations")
    assert only(result(stored), result(run)).kind is DIFFERENT
    assert only(result(stored), result(other), fixed_point=True).kind is DIFFERENT


@pytest.mark.parametrize(("one", "other"), [("10", "11"), ("16777216", "16777217")])
def test_whole_numbers_have_no_band(one: str, other: str) -> None:
    assert only(printed(one), printed(other), fixed_point=True).kind is DIFFERENT


@pytest.mark.parametrize(
    ("stored", "run", "other", "why"),
    [
        (
            result("<barn.old.Cow object at 0x7f30a1b2c3d4>"),
            result("<barn.new.Cow at 0x55aa00112233>"),
            result("<barn.old.Hen object at 0x7f30a1b2c3d4>"),
            "address",
        ),
        (
            result("[<lines.Line2D at 0x7f30a1b2>]"),
            result("[<lines.Line2D at 0x55aa0011>]"),
            result("[<lines.Line2D at 0x55aa0011>, <lines.Line2D at 0x55aa0022>]"),
            "address",
        ),
        (
            printed("The version of barn: 0.8.3b0"),
            printed("The version of barn: 1.11.0b1"),
            printed("The version of shed: 1.11.0b1"),
            "version",
        ),
        (
            printed("listening at 127.0.0.1:49613"),
            printed("listening at 127.0.0.1:52053"),
            printed("listening at 127.0.0.1"),
            "port",
        ),
        (
            printed("it took 3.5 s: loss 0.5"),
            printed("it took 12 s: loss 0.5"),
            printed("it took 12 s: loss 0.7"),
            "duration",
        ),
        (
            printed("saved /home/ann/herd/cows.csv"),
            printed("saved /tmp/x/cows.csv"),
            printed("saved /tmp/x/hens.csv"),
            "folder",
        ),
        (
            result("DeviceArray([5, 6])"),
            result("Array([5, 6])"),
            result("Array([5, 7])"),
            "array",
        ),
        (
            printed("{'val_auc_3': 0.5}"),
            printed("{'val_auc_1': 0.5}"),
            printed("{'val_acc_1': 0.5}"),
            "numbering",
        ),
        (
            printed(HLO + "5.0"),
            printed(HLO.replace("a.1", "b.2") + "5.0"),
            printed(HLO + "6.0"),
            "a compiler's intermediate form",
        ),
        (figure(size="432x288"), figure(size="640x480"), figure(size="640x480", axes=2), "picture"),
    ],
)
def test_what_varies_by_nature_is_named(
    stored: dict[str, Any], run: dict[str, Any], other: dict[str, Any], why: str
) -> None:
    found = only(stored, run)
    assert (found.kind, str(found.why)) == (VARIES, why)
    assert only(stored, other).kind is DIFFERENT


@pytest.mark.parametrize(
    ("stored", "why"),
    [
        (log("2023-07-03 20:12:02,535 INFO worker.py:1538 -- started\n"), "what libraries log"),
        (printed("(_run pid=7) ready\n"), "lines of other processes"),
        (printed("Downloading data from https://a.b/c.tgz\n"), "what a download or an"),
    ],
)
def test_what_others_write_need_not_come_again(stored: dict[str, Any], why: str) -> None:
    assert only(stored, stored).kind is EQUAL
    for run in ([], [log("another line\n")]):
        (found,) = compared([stored], run)
        assert (found.kind, str(found.why)[: len(why)]) == (VARIES, why)
    (own,) = compared([printed("ready\n")], [log("another line\n")])
    assert (own.kind, own.missing) == (DIFFERENT, True)


def test_a_training_is_compared_by_series_epochs_and_steps() -> None:
    stored = printed(KERAS % (3, "0.5"))
    assert only(stored, printed(KERAS % (9, "0.5"))).kind is EQUAL
    assert only(stored, printed(KERAS % (3, "0.9"))).kind is DIFFERENT
    shorter = only(stored, printed(KERAS.replace("/2", "/9") % (3, "0.5")))
    assert (shorter.kind, shorter.hard) == (DIFFERENT, False)
    other = only(stored, printed(KERAS.replace("loss", "mae") % (3, "0.5")))
    assert (other.kind, other.hard) == (DIFFERENT, True)


def test_a_log_of_bars_is_read_in_its_last_state() -> None:
    steps = [BAR % (1, 2, 1, "0.5"), BAR % (3, 1, 2, "0.25")]
    stored = log("\n".join(f"  0%|    | 0/8 [00:00<?, ?it/s]\r{bar}" for bar in steps))
    assert only(stored, log("\n".join(steps).replace("4.", "7."))).kind is EQUAL
    assert only(stored, log("\n".join(steps).replace("0.25", "0.75"))).kind is DIFFERENT


def test_bars_of_no_training_are_compared_by_where_they_lead_to() -> None:
    stored = log("100%|##########| 30/30 [00:01<00:00, 21.3it/s]")
    assert only(stored, log("100%|##########| 30/30 [00:09<00:00, 3.3it/s]")).kind is VARIES
    assert only(stored, log("100%|##########| 31/31 [00:01<00:00, 21.3it/s]")).kind is DIFFERENT


@pytest.mark.parametrize(
    ("stored", "run", "says", "observed"),
    [
        (result("array([1.])"), [], "“array([1.])”", "nothing"),
        (figure(), [], "“figure, landscape, 1 axes”", "nothing"),
        (printed("a\nrose"), [printed("a\nlily")], "“rose”", "“lily”"),
        (printed("a\nb"), [printed("a")], "“b”", "nothing"),
        (printed("a"), [printed("a\nb")], "nothing", "“b”"),
        (printed("7 cows of 9"), [printed("7 cows of 8")], "9", "8 in “7 cows of 8”"),
        (
            result("array([0.5], dtype=float32)"),
            [result("array([0.9])")],
            "“array([0.5],”",
            "“array([0.9])”",
        ),
    ],
)
def test_a_difference_shows_both_sides(
    stored: dict[str, Any], run: list[dict[str, Any]], says: str, observed: str
) -> None:
    (found,) = compared([stored], run)
    assert (str(found.says), str(found.observed)) == (says, observed)


@pytest.mark.parametrize(
    ("stored", "run", "hard"),
    [
        (printed("<class 'barn.Cow'>, 7"), printed("<class 'barn.Hen'>, 8"), True),
        (printed("<class 'barn.Cow'>, 7"), printed("<class 'barn.Cow'>, 8"), False),
        (printed("(32, 180, 3)"), printed("(16, 180, 3)"), False),
        (printed("(32, 180, 3)"), printed("(32, 90, 3)"), True),
        (result("array([[1., 2.]])"), result("array([[1., 3.]])"), False),
        (result("array([[1., 2.]])"), result("array([[1., 3.]], dtype=float32)"), True),
        (result("[1, 2]"), result("(1, 2)"), True),
        (
            result("{'a': array(1.5, dtype=float32)}"),
            result("{'a': array(2.5, dtype=float64)}"),
            True,
        ),
        (
            result("{'a': array(1.5, dtype=float32)}"),
            result("{'a': array(2.5, dtype=float32)}"),
            False,
        ),
        (frame(), frame(FRAME.replace(">5.1<", ">9.1<")), False),
        (frame(), frame(FRAME.replace("sepal", "petal")), True),
        (error("ValueError", "no pears"), error("ValueError", "no apples"), True),
    ],
)
def test_what_neither_chance_nor_other_data_explain_is_hard(
    stored: dict[str, Any], run: dict[str, Any], hard: bool
) -> None:
    found = only(stored, run)
    assert (found.kind, found.hard) == (DIFFERENT, hard)


def test_the_type_of_an_array_is_told_in_words() -> None:
    rows = "array([[1.25, 2.5 ],\n       [3.75, 4.5 ]]"
    found = only(result(f"{rows}, dtype=float32)"), result(f"{rows.replace('1.25', '1.75')})"))
    assert str(found.says) == "an array, dimensions: 2, type: float32"
    assert str(found.observed) == "an array, dimensions: 2, type: float64"


def test_a_stored_exception_that_the_run_does_not_raise_is_different() -> None:
    (found,) = compared([error("ValueError", "no pears")], [])
    assert (found.kind, found.hard) == (DIFFERENT, True)


def test_an_exception_that_the_page_has_not_stored_is_different() -> None:
    stored = [printed("digging\n")]
    alike, raised = compared(stored, [*stored, error("ValueError", "no pears")])
    assert (alike.kind, raised.kind, raised.hard) == (EQUAL, DIFFERENT, True)
    assert (str(raised.says), str(raised.observed)) == ("nothing", "“ValueError: no pears”")


def test_a_table_is_compared_though_its_text_leaves_columns_out() -> None:
    stored, run = frame(), frame(FRAME.replace(">5.1<", ">9.1<"))
    run["data"]["text/plain"] = stored["data"]["text/plain"]
    assert only(stored, run).kind is DIFFERENT


def test_of_long_outputs_the_rest_counts_as_well() -> None:
    lines = [f"heron {number} of many" for number in range(300)]
    stored = printed("\n".join(lines))
    assert only(stored, printed("\n".join(lines) + "\n")).kind is EQUAL
    assert only(stored, printed("\n".join(lines[:-1]))).kind is DIFFERENT
    lines[250] = "an egret"
    found = only(stored, printed("\n".join(lines)))
    assert (found.kind, str(found.says)[:9]) == (DIFFERENT, "300 lines")


CUT = "100%|█| 8/8 [00:01<00:00, 4.1it/s, epoch: 2/2 - loss:0.3 val_lo"
WHOLE = "100%|█| 8/8 [00:01<00:00, 4.1it/s, epoch: 2/2 - loss:0.4 val_loss:0.5]"
OTHER = "100%|█| 8/8 [00:01<00:00, 4.1it/s, epoch: 2/2 - auc:0.4 val_loss:0.5]"


@pytest.mark.parametrize(
    ("stored", "run", "hard"),
    [(CUT, WHOLE, False), (WHOLE, CUT, False), (CUT, OTHER, True), (WHOLE, OTHER, True)],
)
def test_a_bar_that_is_cut_need_not_tell_every_series(stored: str, run: str, *, hard: bool) -> None:
    found = only(log(stored), log(run))
    assert (found.kind, found.hard) == (DIFFERENT, hard)


def test_how_long_a_training_is_counts_where_both_logs_tell_it() -> None:
    def trained(bar: str, loss: str) -> list[dict[str, Any]]:
        return [log(bar.format(loss)), printed(f"history: {{'train_loss': [{loss}]}}\n")]

    told = "100%|██████████| 8/8 [00:01<00:00, 4.1it/s, epoch: 1/1 - train_loss:{}]"
    untold = "\r100%|█████████▉| 7/8 [00:49<00:00, 6.8it/s, {{'train_loss': array({})}}]"

    def kinds(bar: str, loss: str) -> set[OutputClass]:
        found = compared(trained(told, "0.5"), trained(bar, loss))
        return {one.kind for one in found if one.stored.slot is Slot.TRAINING}

    assert DIFFERENT not in kinds(untold, "0.5")
    assert DIFFERENT in kinds(untold, "0.9")
    assert DIFFERENT in kinds(told.replace("1/1", "1/9"), "0.5")
