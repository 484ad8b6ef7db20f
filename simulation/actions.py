"""Actions: what a meeting asks an agency to do about a case, by when, and what it brings.

Agencies that hold information look up what is still on its way about the person; agencies that see people
arrange their next contact for the next morning.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.co_location import AGENCIES, Agency
from simulation.declare import Event, Group, Stream, uncertainty
from simulation.deskwork import ACTION, Deskwork, Pieces
from simulation.luck import Luck
from simulation.meetings import Meeting
from simulation.recorder import Recorder

Rows = NDArray[np.int64]
RAISED = Stream("actions.raised", "occurrence", "whether a person's k-th discussion raises an action")
EVENTS = (Event("action", "actions", "a meeting gives an agency an action about a person"),)
#: Agencies whose action is to look something up; that of the others is to arrange a contact.
_INFORMANTS: tuple[Agency, ...] = ("police", "neighbourhood_police", "prison")
_LOOKS_UP = np.array([agency in _INFORMANTS for agency in AGENCIES])


class ActionWork(Group):
    """What an action takes."""

    intelligence_minutes: float = uncertainty(
        50, unit="minutes", low=0, high=240, label="Checking what police or prison know of a person",
        source="EX182: 13 points, of about four minutes, for gathering information (2021); 36 to 72 minutes",
        confidence="expert",
    )  # fmt: skip
    referral_minutes: float = uncertainty(
        70, unit="minutes", low=0, high=240, label="Chasing a referral and arranging the next appointment",
        source="EX183: 18 points, of about four minutes, for a referral (2021); 36 to 104 minutes",
        confidence="expert",
    )  # fmt: skip
    lapse_days: int = uncertainty(
        28, unit="days", low=0, high=365, label="Days after its deadline on which an action is dropped"
    )


class Actions:
    """Actions given, done, late and dropped.

    Parameters
    ----------
    luck, recorder, desk
        Keyed luck, the counts, and where the work is done.
    people
        How many people there are.
    """

    def __init__(self, luck: Luck, recorder: Recorder, desk: Deskwork, people: int) -> None:
        self.luck, self.recorder, self.desk = luck, recorder, desk
        self.discussed = np.zeros(people, dtype=np.int64)

    def adopt(self, work: ActionWork) -> None:
        """Take over parameters."""
        self.work = work

    def give(self, meeting: Meeting, who: Rows, able: NDArray[np.bool_], day: int) -> None:
        """Let cases raise actions, each for one of the agencies at the table, all alike.

        Parameters
        ----------
        meeting
            The meeting.
        who
            People discussed, shape ``(n,)``.
        able
            Whether each agency is present and has staff, shape ``(agencies,)``.
        day
            Today.
        """
        luck = self.luck.many(RAISED, who, self.discussed[who])
        self.discussed[who] += 1
        takers = np.flatnonzero(able)
        raised = luck < meeting.action_share
        if not len(takers) or not raised.any():
            return
        who = who[raised]
        # The same number, stretched, says who takes it.
        place = (luck[raised] / meeting.action_share * len(takers)).astype(np.int64)
        agency: Rows = takers[np.minimum(place, len(takers) - 1)]
        minutes = np.where(_LOOKS_UP[agency], self.work.intelligence_minutes, self.work.referral_minutes)
        self.desk.post(ACTION, who, agency, minutes, day + meeting.action_days)
        self.recorder.count("actions_raised", day, len(who))
        if self.recorder.keep_events:
            for person, taker in zip(who, agency, strict=True):
                self.recorder.log(int(person), "action", day, detail=AGENCIES[taker])

    def lapse(self, day: int) -> None:
        """Drop actions that nobody asks for any more."""
        over = (self.desk.open.kind == ACTION) & (self.desk.open.due + self.work.lapse_days < day)
        if over.any():
            self.desk.drop(over)
            self.recorder.count("actions_lapsed", day, np.count_nonzero(over))

    def done(self, pieces: Pieces, day: int) -> tuple[Rows, Pieces]:
        """Count actions done yesterday; return the people looked up, and the contacts to arrange."""
        if len(pieces.person):
            self.recorder.count("actions_done", day - 1, len(pieces.person))
            self.recorder.count("actions_in_time", day - 1, np.count_nonzero(pieces.due >= day - 1))
        looked_up = _LOOKS_UP[pieces.agency]
        return np.unique(pieces.person[looked_up]), pieces.where(~looked_up)
