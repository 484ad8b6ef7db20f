"""Scenario files: sites and options in YAML, checked, and turned into frozen parameters."""

from scenarios.check import check
from scenarios.library import option_names, site_names
from scenarios.problem import Problem, ScenarioError
from scenarios.scenario import Scenario, load

__all__ = ["Problem", "Scenario", "ScenarioError", "check", "load", "option_names", "site_names"]
