"""Categories: whom the scheme is for, and how each kind of person is carried.

A person is of the first category in use whose conditions they meet; whoever is of none is not carried. A
category can have points of its own on the selection matrix, and a share of its own of the contact plan,
which is how a lighter management is meant: fewer contacts planned, and what follows from that.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simulation.declare import Column, Group, lever
from simulation.people import People
from simulation.recorder import Recorder

Flags = NDArray[np.bool_]


class Category(Group):
    """One kind of person: the conditions, all of which must hold, and how such people are carried."""

    used: bool = lever(False, label="The site has this category")
    from_age_years: float = lever(0, unit="years", low=0, high=120, label="Age from which people belong")
    to_age_years: float = lever(120, unit="years", low=0, high=120, label="Age at which they belong no more")
    sex: Literal["any", "women", "men"] = lever("any", unit="choice", label="Sex")
    drugs: Literal["any", "heroin_or_crack"] = lever("any", unit="choice", label="Drugs used")
    supervision: Literal["any", "statutory", "non_statutory"] = lever(
        "any", unit="choice", label="Supervision by order or licence"
    )
    designation: Literal["any", "ppo", "other"] = lever(
        "any", unit="choice", label="Designation: prolific and other priority offenders, or all others"
    )
    points: float = lever(
        0.0, unit="points", low=-1000, high=1000, label="Points on the selection matrix for belonging"
    )
    contact_share: float = lever(
        1.0, unit="share", low=0, high=3, label="Contacts planned, as a share of the band's plan"
    )
    neighbourhood_share: float = lever(
        1.0, unit="share", low=0, high=10, label="Visits by neighbourhood police, as a share of the plan's"
    )

    def fits(
        self, *, age: NDArray[np.float64], female: Flags, drug_user: Flags, statutory: Flags, ppo: Flags
    ) -> Flags:
        """Return who meets every condition, shape ``(n,)``; ages are years."""
        belongs = (age >= self.from_age_years) & (age < self.to_age_years)
        conditions = (
            (self.sex, {"women": female, "men": ~female}),
            (self.drugs, {"heroin_or_crack": drug_user}),
            (self.supervision, {"statutory": statutory, "non_statutory": ~statutory}),
            (self.designation, {"ppo": ppo, "other": ~ppo}),
        )
        for asked, met in conditions:
            if asked != "any":
                belongs = belongs & met[asked]
        return belongs


class Categories(Group):
    """The categories in the order in which they are tried.

    Names and usual conditions are those of the pioneer sites and of the Key Principles; a site can give any
    of them other conditions.
    """

    women: Category = Category(sex="women")
    young_adults: Category = Category(from_age_years=18, to_age_years=25)
    deter_young: Category = Category(to_age_years=18)
    ppo: Category = Category(designation="ppo")
    local_diversion: Category = Category(to_age_years=21, supervision="non_statutory")
    crime_causing_users: Category = Category(drugs="heroin_or_crack")
    non_statutory: Category = Category(supervision="non_statutory")
    general: Category = Category(used=True)


NAMES = tuple(Categories.model_fields)


class Scope:
    """Everybody's category, decided anew at every selection meeting.

    Parameters
    ----------
    people
        The column store.
    """

    def __init__(self, people: People) -> None:
        self.category = people.own(
            Column("category", "int8", "categories", "position of the category; -1 for none", "", -1)
        )

    def adopt(self, categories: Categories) -> None:
        """Take over parameters."""
        self.each: list[Category] = [getattr(categories, name) for name in NAMES]
        # The last place is that of people in no category.
        self._points = np.array([one.points for one in self.each] + [0.0])
        self._plan = np.array([one.contact_share for one in self.each] + [1.0])
        self._neighbourhood = np.array([one.neighbourhood_share for one in self.each] + [1.0])

    def sort(self, **known: NDArray[np.generic]) -> None:
        """Put everybody into a category, by what :meth:`Category.fits` asks for, each of shape ``(n,)``."""
        self.category[:] = -1
        for place in reversed(range(len(self.each))):
            if self.each[place].used:
                self.category[self.each[place].fits(**known)] = place  # type: ignore[arg-type]

    def points(self, who: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return what people's categories add on the selection matrix, shape ``(n,)``."""
        return np.asarray(self._points[self.category[who]])

    def count(self, recorder: Recorder, day: int, carried: NDArray[np.int64]) -> None:
        """Count a day's caseload by category."""
        found = np.bincount(self.category[carried] + 1, minlength=len(NAMES) + 1)[1:]
        for name, one, number in zip(NAMES, self.each, found, strict=True):
            if one.used:
                recorder.daily(f"category_{name}")[day] = number

    def shares(self, who: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return shares of the plan: of visits by neighbourhood police, and of all else, shape ``(n, 2)``."""
        category = self.category[who]
        return np.stack([self._neighbourhood[category], self._plan[category]], axis=1)
