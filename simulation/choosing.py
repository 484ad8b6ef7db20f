"""Choosing: who is carried, on what is known. What a selection meeting decides, and what follows from it."""

import numpy as np
from numpy.typing import NDArray

from simulation import selection
from simulation.calendar import DAYS_PER_YEAR
from simulation.categories import Scope
from simulation.custody import RECALLED
from simulation.first_contact import Introduced, Introductions, Where
from simulation.parameters import Parameters
from simulation.picture import Picture
from simulation.slots import NEIGHBOURHOOD, SLOTS
from simulation.staffing import Staffing
from simulation.stays import REASONS, Stays
from simulation.steering import Steering
from simulation.trial import Trial

Rows = NDArray[np.int64]
#: The columns of the published table of records, noted at first selection.
AT_SELECTION = ("age", "first_conviction_age", "previous_occasions", "offences", "breaches")


class Choosing:
    """Selection: the matrix, its thresholds, and every way in and out.

    Parameters
    ----------
    steering
        The room in which people who are carried get bands, leads and plans.
    """

    def __init__(self, steering: Steering) -> None:
        self.steering, self.world, self.recorder = steering, steering.world, steering.recorder
        self.caseload, self.awareness, self.contacts = (
            steering.caseload,
            steering.awareness,
            steering.contacts,
        )
        self.exits, people = steering.exits, steering.world.people
        self.scope, self.stays = Scope(people), Stays(people.count)
        self.trial = Trial(people, steering.luck)
        self.introductions = Introductions(people, self.recorder, steering.trust)
        #: The record of each person at first selection, arrays of shape ``(n,)``.
        self.at_selection = {name: np.full(people.count, np.nan) for name in AT_SELECTION}
        #: OGRS3 within two years of each person at first selection, shape ``(n,)``.
        self.ogrs_at_selection = np.full(people.count, np.nan)
        #: Whether the latest selection of each person rests on a false report, shape ``(n,)``.
        self.wrongly = np.zeros(people.count, dtype=bool)
        #: The latest day on which a meeting got to everybody who was to enter or leave.
        self.all_chosen_on = -1

    def adopt(self, parameters: Parameters, staffing: Staffing) -> None:
        """Take over parameters."""
        self.parameters, self.cohort = parameters, parameters.cohort
        self.scope.adopt(parameters.categories)
        self.exits.adopt(parameters.cohort.leaving)
        self.trial.adopt(parameters.cohort.lots)
        self.introductions.adopt(parameters.first_contact, parameters.engagement, staffing)

    def threat(self, who: Rows, picture: Picture | None = None) -> NDArray[np.float64]:
        """Return the threat that people pose by the site's matrix, points, shape ``(n,)``."""
        return selection.threat(
            self.cohort.weights, picture or self.awareness.team, who,
            sanctions=self.world.record.sanctions[who], ogrs=self.steering.ogrs[who],
        )  # fmt: skip

    def instant_return(self, day: int) -> None:
        """Take back people on the dormant list who are known to have offended."""
        caseload, cohort = self.caseload, self.cohort
        dormant = np.flatnonzero(caseload.dormant_until > day)
        dormant = dormant[self._eligible(day, dormant) & self.trial.admits[dormant]]
        points = self._matrix(dormant, day)
        worst_first = np.argsort(-points, kind="stable")
        back = dormant[worst_first][points[worst_first] >= cohort.entry_score]
        if cohort.sizing == "resources":
            back = back[: max(0, cohort.ceiling - np.count_nonzero(caseload.carried))]
        self._take_on(np.sort(back), day)

    def select(self, day: int, places: Rows) -> Rows:
        """Take people on and let them go as far as agendas reach; return the cases, shape ``(teams,)``."""
        caseload, cohort = self.caseload, self.cohort
        self.steering.score_ogrs()
        everybody = np.arange(self.world.people.count)
        self._sort(everybody, day)
        points, eligible = self._matrix(everybody, day), self._eligible(day, everybody)
        self.trial.list(day, points, eligible)
        eligible &= self.trial.admits
        whole = selection.choose(cohort, points, caseload.carried, eligible)
        held = self.exits.hold(whole.leave[eligible[whole.leave]], day)
        if len(held):
            kept = points.copy()
            kept[held] = np.inf
            whole = selection.choose(cohort, kept, caseload.carried, eligible)
        carried = int(np.count_nonzero(caseload.carried))
        choice = selection.reached(cohort, whole, points, caseload.team, places, carried)
        fallen = sum(map(len, whole)) - sum(map(len, choice))
        self.all_chosen_on = self.all_chosen_on if fallen else day
        self.recorder.count("cases_not_reached", day, fallen)
        self._let_go(choice.leave, day, eligible)
        self._take_on(choice.enter, day)
        # PPOs are designated for the threat they pose, whoever else supervises them.
        caseload.designate(caseload.carried & (self.threat(everybody) >= cohort.ppo_score))
        return np.bincount(caseload.team[np.concatenate(choice)], minlength=len(places))

    def introduce(self, day: int, left: NDArray[np.float64]) -> Introduced:
        """Tell people that they have been chosen; contacts of those under no supervision begin then."""
        caseload, custody = self.caseload, self.world.custody
        met = self.introductions.make(day, left, Where(
            caseload.team, caseload.lead, self.awareness.team.inside, custody.holds > 0,
            self.awareness.true.arrested, self.steering.drug_user, self.steering.prisons.travel,
        ))  # fmt: skip
        if len(met.told):
            self.steering.begin_contacts(met.told[~custody.statutory(met.told, day)], day)
        return met

    def _matrix(self, who: Rows, day: int, picture: Picture | None = None) -> NDArray[np.float64]:
        """Return selection scores: the threat, and what the site adds for some kinds of people."""
        alone = ~self.world.custody.statutory(who, day)
        extra = self.cohort.weights.unsupervised * alone
        return np.asarray(self.threat(who, picture) + extra + self.scope.points(who))

    def _sort(self, everybody: Rows, day: int) -> None:
        """Put everybody into a category, and see that those carried get its share of the plan."""
        record = self.world.record
        self.scope.sort(
            age=(day - record.birth_day) / DAYS_PER_YEAR, female=record.female,
            drug_user=self.steering.drug_user, statutory=self.world.custody.statutory(everybody, day),
            ppo=self.caseload.ppo | (self.threat(everybody) >= self.cohort.ppo_score),
        )  # fmt: skip
        self.contacts.share[:] = self.scope.shares(everybody, NEIGHBOURHOOD, len(SLOTS))

    def _eligible(self, day: int, who: Rows) -> NDArray[np.bool_]:
        """Return who may be carried: prolific by now, still in the area, and not away for years."""
        record = self.world.record
        here = (record.joins[who] <= day) & (record.leaves[who] > day)
        away = self.world.custody.due_out[who] > day + self.cohort.left_after_years * DAYS_PER_YEAR
        sought = (self.scope.category[who] >= 0) & ~self.exits.elsewhere(who, day) & ~self._recalled(who)
        return np.asarray(here & ~away & sought & ~self._misled(who))

    def _misled(self, who: Rows) -> NDArray[np.bool_]:
        """Return who was taken on because of reports that have been refuted."""
        return self.exits.misled(who, self.cohort.weights.intelligence * self.awareness.team.refuted[who])

    def _recalled(self, who: Rows) -> NDArray[np.bool_]:
        """Return who is let go because they are known to be recalled to custody."""
        inside = self.awareness.team.inside[who] & (self.world.custody.place[who] == RECALLED)
        return np.asarray(inside & self.cohort.leaving.recalled_leave)

    def _let_go(self, who: Rows, day: int, eligible: NDArray[np.bool_]) -> None:
        """Let people leave, and note why."""
        why = [self._recalled(who), self.exits.elsewhere(who, day), self._misled(who), ~eligible[who]]
        reason = np.select(why, list(range(len(why))), len(why))
        self.stays.end(who, day, reason)
        for place, name in enumerate(REASONS):
            self.recorder.count(f"exits_{name}", day, np.count_nonzero(reason == place))
        self.exits.end(who)
        self.steering.close(who, day)
        self.caseload.leave(who, day, self.cohort.dormant_days)
        self.contacts.end(who)
        self.introductions.drop(who)

    def _take_on(self, who: Rows, day: int) -> None:
        if not len(who):
            return
        # Sized by resources nobody is wrong who would still score with the last of those taken on.
        points = self._matrix(who, day)
        bar = min(self.cohort.entry_score, float(points.min()))
        wrong = self._matrix(who, day, self.awareness.true) < bar
        self.wrongly[who] = wrong
        self.recorder.count("wrong_selections", day, np.count_nonzero(wrong))
        self._note_record(who[np.isinf(self.caseload.first_entered[who])], day)
        back = self.caseload.dormant_until[who] > day
        self.caseload.enter(who, day)
        self.exits.begin(who, day, points - bar)
        self.awareness.team.begin_stay(who)
        self.introductions.ask_for(who, day)
        self.stays.begin(
            who, day, ppo=self.threat(who) >= self.cohort.ppo_score,
            statutory=self.world.custody.statutory(who, day),
        )  # fmt: skip
        self.steering.open(who, back, day)

    def _note_record(self, who: Rows, day: int) -> None:
        record, note = self.world.record, self.at_selection
        self.ogrs_at_selection[who] = self.steering.ogrs[who]
        note["age"][who] = (day - record.birth_day[who]) / DAYS_PER_YEAR
        note["first_conviction_age"][who] = record.age_convicted[who]
        note["previous_occasions"][who] = record.sanctions[who] - 1
        note["offences"][who] = record.offences[who]
        note["breaches"][who] = record.breaches[who]
