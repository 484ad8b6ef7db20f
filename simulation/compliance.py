"""Compliance: every way in which a partnership sees to it that people come, and keep coming."""

from simulation.compact import CompactRules
from simulation.declare import Group
from simulation.drop_out import DropOutRules
from simulation.nightly import NightlyRules
from simulation.reminders import ReminderRules
from simulation.sanctions import SanctionRules


class ComplianceRules(Group):
    """How a partnership sees to it that appointments are kept."""

    reminders: ReminderRules = ReminderRules()
    drop_out: DropOutRules = DropOutRules()
    compact: CompactRules = CompactRules()
    sanctions: SanctionRules = SanctionRules()
    nightly: NightlyRules = NightlyRules()
