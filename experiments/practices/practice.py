"""A practice: a mechanism, how it is varied, how it is tested, and what it should move first."""

from typing import NamedTuple


class Practice(NamedTuple):
    """A row of the table of practices.

    ``by_hand`` is the change in the outcome, in its own unit, that a calculation on paper gives for the
    option at Bristol in the first year; the page that ``docs/practices`` has for it shows the calculation,
    which was written down before the model was run.
    """

    name: str
    #: The page of ``docs/practices`` with a heading of the practice's name.
    page: str
    #: The parameters that say how it is done.
    keys: tuple[str, ...]
    #: The shipped option that varies it.
    option: str
    #: The test of its direction.
    test: str
    #: The outcome that it moves first.
    outcome: str
    by_hand: float
