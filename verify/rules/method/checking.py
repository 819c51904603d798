"""All rules of method over the pages of a site."""

from collections.abc import Callable, Iterable, Iterator

from verify.finding import Finding
from verify.rules.checked_site import Site
from verify.rules.method import (
    at_chance,
    doubled_metrics,
    first_loss,
    fitted_before_split,
    frozen_random,
    input_range,
    needless_reveal,
    new_heads,
    no_effect,
    one_split,
    ordered_split,
    output_layer,
    practice,
    printed_classes,
    same_samples,
    scored,
    training_loop,
    unfrozen_base,
    unseeded,
    unused_chance,
    validation,
)
from verify.rules.method.practice import Practice

_RULES: tuple[Callable[[Practice], Iterable[Finding]], ...] = (
    at_chance.check,
    doubled_metrics.check,
    first_loss.check,
    fitted_before_split.check,
    frozen_random.check,
    input_range.check,
    new_heads.check,
    no_effect.check,
    one_split.check,
    ordered_split.check,
    output_layer.check,
    printed_classes.check,
    same_samples.check,
    scored.check,
    training_loop.check,
    unfrozen_base.check,
    unseeded.check,
    unused_chance.check,
    validation.check,
)


def check(site: Site) -> Iterator[Finding]:
    """Find what a careful reviewer of machine learning objects to; a page is read once for all."""
    for page in site.pages:
        yield from needless_reveal.of_page(page)
        if found := practice.of_page(page):
            for rule in _RULES:
                yield from rule(found)
