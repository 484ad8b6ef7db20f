"""Whether it pays: the reduction at which it does, how likely that is, and what would turn the answer."""

from experiments.money.account import Account, accounts
from experiments.money.break_even import BreakEven, break_even
from experiments.money.switching import Switch, of_factors, of_prices

__all__ = ["Account", "BreakEven", "Switch", "accounts", "break_even", "of_factors", "of_prices"]
