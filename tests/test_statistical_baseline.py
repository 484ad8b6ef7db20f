"""The numbers of shipped sites are those that were kept: a change of any is a decision."""

import pytest

from scenarios import site_names
from tests import baseline


@pytest.mark.parametrize("site", site_names())
def test_a_site_gives_the_numbers_that_are_kept(site: str) -> None:
    lines = baseline.differences(baseline.kept()[site], baseline.lived(site))
    if lines:
        also = "if that is meant, make baseline keeps them, and the changelog says so"
        pytest.fail("\n  ".join([f"{site} gives other numbers ({also}):", *lines]), pytrace=False)


def test_a_difference_is_seen_and_one_in_the_order_of_a_sum_is_not() -> None:
    old = {"days": 30, "arrests": 1000.0, "digest": "ab"}
    assert baseline.differences(old, old | {"arrests": 1000.0 + 1e-7}) == []
    assert baseline.differences(old, old | {"arrests": 1000.0 + 1e-5}) == ["arrests: 1000.0 -> 1000.00001"]
    assert baseline.differences(old, old | {"digest": "ac"}) == ["digest: ab -> ac"]
    assert baseline.differences({"days": 30}, {"new": 3.0}) == ["days: 30 -> None", "new: None -> 3.0"]
