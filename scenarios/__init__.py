"""Scenario files: sites and options in YAML, checked, and turned into frozen parameters."""

from scenarios.check import check
from scenarios.explain import Explained, explain
from scenarios.library import option_names, site_names
from scenarios.problem import Problem, ScenarioError
from scenarios.scenario import Scenario, load
from scenarios.schema import schema
from scenarios.starter import starter

__all__ = [
    "Explained", "Problem", "Scenario", "ScenarioError", "check", "explain", "load", "option_names", "schema",
    "site_names", "starter",
]  # fmt: skip
