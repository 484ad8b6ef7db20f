"""Scenario files: sites and options in YAML, checked, and turned into frozen parameters."""

from scenarios.check import check
from scenarios.explain import Explained, explain
from scenarios.library import option_names, site_names, study_names
from scenarios.problem import Problem, ScenarioError
from scenarios.scenario import Scenario, load
from scenarios.schema import schema
from scenarios.starter import starter
from scenarios.study import Point, StudyFile, points_of
from scenarios.study_file import load_study

__all__ = [
    "Explained", "Point", "Problem", "Scenario", "ScenarioError", "StudyFile", "check", "explain", "load",
    "load_study", "option_names", "points_of", "schema", "site_names", "starter", "study_names",
]  # fmt: skip
