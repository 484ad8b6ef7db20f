"""The model of Integrated Offender Management: people, agencies, minutes and news."""

from simulation.model import DAY_PLAN, IOMModel
from simulation.outcomes import OUTCOMES, Outcome
from simulation.parameters import Parameters, Timeline
from simulation.replication import Result, replicate

__all__ = ["DAY_PLAN", "OUTCOMES", "IOMModel", "Outcome", "Parameters", "Result", "Timeline", "replicate"]
