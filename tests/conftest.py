"""What holds for every test."""

from collections.abc import Iterator

import pytest

from simulation import IOMModel


@pytest.fixture(scope="session", autouse=True)
def _every_run_is_strict() -> Iterator[None]:
    """Check the invariants at the end of every day of every run that does not say otherwise."""
    usual = IOMModel.__init__.__kwdefaults__
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(usual, "strict", True)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_posterior_ships() -> Iterator[None]:
    """Run on point values wherever a test does not ship a posterior of its own: no figure hangs on ours."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.draws.shipped_posterior", lambda: None)
        yield
