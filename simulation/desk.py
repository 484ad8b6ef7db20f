"""The information desk at work: everyone carried is looked up in turn.

News comes to a team because somebody passes it on. A desk does not wait for that: an information officer
looks people up in one database after the other and finds whatever has happened to them since. How often
the turn comes round hangs on the number of databases.
"""

import numpy as np
from numpy.typing import NDArray

from simulation.caseload import Caseload
from simulation.declare import Column
from simulation.news import News
from simulation.people import People
from simulation.recorder import Recorder
from simulation.staffing import Staffing


class LookUps:
    """The turn in which people are looked up.

    Parameters
    ----------
    people, caseload, recorder
        The column store, who is carried by which team, and the counts.
    news
        The news that a look-up finds.
    """

    def __init__(self, people: People, caseload: Caseload, recorder: Recorder, news: News) -> None:
        self.caseload, self.recorder, self.news = caseload, recorder, news
        #: Minutes left over from the days before, shape ``(teams,)``.
        self._left: NDArray[np.float64] = np.zeros(0)
        self.looked_up = people.own(
            Column("looked_up", "float64", "desk", "day on which last looked up", "days", -np.inf)
        )

    def adopt(self, staffing: Staffing) -> None:
        """Take over parameters."""
        desk = staffing.systems.desk
        self.minutes: NDArray[np.float64] = desk.officers * desk.minutes_a_day * staffing.share
        self.minutes_a_person = desk.databases * desk.look_up_minutes
        if len(self._left) != len(self.minutes):
            self._left = np.zeros(len(self.minutes))

    def work(self, day: int) -> None:
        """Look up, on a working day, whom the minutes allow; what is found is in tomorrow's picture."""
        if not self.minutes.any():
            return
        rows, found = self.caseload.rows(), []
        for team, minutes in enumerate(self.minutes + self._left):
            ours = rows[self.caseload.team[rows] == team]
            most = minutes / self.minutes_a_person if self.minutes_a_person else np.inf
            number = int(min(most, len(ours)))
            # Minutes too few for one more person go on tomorrow; those left by a short list do not.
            self._left[team] = (most - number) * self.minutes_a_person if number < len(ours) else 0.0
            turn = ours[np.argsort(self.looked_up[ours], kind="stable")][:number]
            found.append(turn)
        looked_up = np.concatenate(found)
        self.looked_up[looked_up] = day
        self.news.find(self.news.about(looked_up), day + 1)
        self.recorder.count("look_ups", day, len(looked_up))
