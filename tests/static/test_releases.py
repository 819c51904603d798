"""When modules of SecretFlow existed."""

from datetime import date, timedelta

import pytest
from packaging.version import Version

from verify.static import releases


@pytest.mark.parametrize(
    ("module", "version", "excluded"),
    [
        ("secretflow_fl.ml.nn", "1.10.0b1", True),
        ("secretflow_fl.ml.nn", "1.11.0b1", False),
        ("secretflow_fl.ml.nn", "1.11.0.dev20241201", False),
        ("secretflow_fl.ml.nn", "1.10.0.dev20240901", False),  # built shortly before
        ("secretflow_fl.ml.nn", "1.2.0.dev20231009", True),
        ("secretflow.ml.nn", "1.10.0b1", False),
        ("secretflow.ml.nn", "1.12.0b0", True),
        ("secretflow.device", "0.7.11b0", False),
        ("secretflow.device", "99.0", False),
    ],
)
def test_a_version_lacks_a_module_only_if_a_release_shows_it(
    module: str, version: str, *, excluded: bool
) -> None:
    life = releases.lifetime(module)
    assert life is not None
    assert life.excludes(Version(version)) is excluded


def test_a_day_is_too_early_well_before_the_last_release_without_the_module() -> None:
    life = releases.lifetime("secretflow_fl")
    assert life is not None
    assert life.absent_until is not None
    assert life.is_later_than(date(2023, 4, 1))
    assert not life.is_later_than(life.absent_until - timedelta(days=30))


def test_other_packages_are_not_known() -> None:
    assert releases.lifetime("torch.nn") is None
