"""What holds for every test."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _no_posterior_ships() -> Iterator[None]:
    """Run on point values wherever a test does not ship a posterior of its own: no figure hangs on ours."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.draws.shipped_posterior", lambda: None)
        yield
