"""What differs from run to run by its nature is taken out of a text, and nothing else is."""

import pytest

from verify.page.outputs.steady_text import steady

SAME = [
    ("32/32 - 4s 12ms/step - loss: 0.5", "32/32 - 11s 9ms/step - loss: 0.5"),
    ("epoch 1 took 3.25", "epoch 1 took 12.5"),
    ("训练耗时: 3.25", "训练耗时: 40.1"),
    (
        "CPU times: user 3.2 s, sys: 12 ms\nWall time: 5.01 s",
        "CPU times: user 3 s, sys: 1.5 ms\nWall time: 6 s",
    ),
    ("1min 3s ± 12 ms per loop", "58min 7s ± 4.1 ms per loop"),
    ("100%|##| 5/5 [00:12<00:00,  2.50s/it]", "100%|##| 5/5 [01:02<00:00,  9.1s/it]"),
    ("100%|##| 5/5 [00:12<00:00, 12.1it/s]", "100%|##| 5/5 [00:02<00:00, 3.7it/s]"),
    ("read 10 MB at 3.2 MB/s", "read 10 MB at 117 MB/s"),
    ("1/3 loss: 9\r2/3 loss: 8\r3/3 loss: 7\n", "1/3 loss: 9\r3/3 loss: 7\n"),
    ("1/3 a\x08\x08\x08\x08\x083/3 b\n", "3/3 b\n"),
    ("<Model object at 0x7f30a1b2c3d4>", "<Model object at 0x55aa00112233>"),
    ("<object object 0x7f30a1b2c3d4>", "<object object 0x55aa00112233>"),
    ("ObjectRef(c8ef45ccd0112571ffffffff)", "ObjectRef(16310a0f0a45af5cffffffff)"),
    ("2024-05-01 10:11:12,345 INFO ready", "2025-11-22 21:17:33,001 INFO ready"),
    ("2024-05-01T10:11:12.345 ready", "2025-11-22T21:17:33.9 ready"),
    ("ray/session_2024-05-01_10-11-12_345_99/logs", "ray/session_2025-11-22_21-17-33_1_7/logs"),
    ("Wed May  1 10:11:12 2024", "Mon May 22 21:17:33 2024"),
    ("worker pid=4711", "worker pid=12"),
    ("listening on port 40123", "listening on port 51999"),
    ("dashboard at 127.0.0.1:8265", "dashboard at 127.0.0.1:8266"),
    ("/place/sfdv-ab12cd/keras/x.h5", "/other/place/sfdv-zz99/keras/x.h5"),
    ("saved as out/tmpab12cd_8.bin", "saved as out/tmpzz99yy0a.bin"),
    ("run 1b4e28ba-2fa1-11d2-883f-0016d3cca427", "run 6fa459ea-ee8a-3ca4-894e-db77e160355e"),
    ("x = 1\n(train pid=12) ready\n", "x = 1\n"),
    ("x = 1\n(pid=12) ready\n", "x = 1\n"),
    ("\x1b[36m(train pid=12, ip=10.0.0.1)\x1b[0m ready\nx = 1", "x = 1"),
    ("done  ", "done"),
]
DIFFERENT = [
    ("loss: 0.5", "loss: 0.6"),
    ("loss: 0.5 in 3 s", "loss: 0.6 in 4 s"),
    ("32 images", "33 images"),
    ("(5, 180)", "(6, 180)"),
    ("3/3 loss: 9\r3/3 loss: 7", "3/3 loss: 9\r3/3 loss: 8"),
    ("seed 17", "seed 18"),
    ("0xdeadbeef", "0xdeadbeee"),
    ("sha256 9f86d081884c7d65", "sha256 60303ae22b998861"),
    ("[1, 2]", "[2, 1]"),
    ("version 1.2.3", "version 1.2.4"),
    ("score 7m2", "score 8m2"),
    ("rose\ntulip", "tulip\nrose"),
    ("-0.25", "0.25"),
]


@pytest.mark.parametrize(("first", "other"), SAME)
def test_what_passes_makes_no_difference(first: str, other: str) -> None:
    assert steady(first) == steady(other)


@pytest.mark.parametrize(("first", "other"), DIFFERENT)
def test_what_counts_stays(first: str, other: str) -> None:
    assert steady(first) != steady(other)


@pytest.mark.parametrize(
    "source",
    [
        "print(time.time() - began)",
        "print(perf_counter_ns() - began)",
        "%timeit add(1, 2)",
        "print(datetime.now() - began)",
    ],
)
def test_where_a_clock_is_read_any_fraction_may_be_a_duration(source: str) -> None:
    assert steady("3.25 for 7", source) == steady("12.5 for 7", source)
    assert steady("3.25 for 7", source) != steady("3.25 for 8", source)


@pytest.mark.parametrize("source", ["print(time_steps)", "epochs = timer.times", "a % times(3)"])
def test_code_that_only_speaks_of_time_reads_no_clock(source: str) -> None:
    assert steady("3.25", source) != steady("12.5", source)
