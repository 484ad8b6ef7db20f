# Two commands are enough: `make run` and `make test`. Everything lives in .venv inside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run app test bench bench-runs class kills match practices fit pictures cohort-size stories viz schemas clean

run: $(VENV)/.ready
	$(BIN)/iom compare nottingham hub bigger-cohort hub+bigger-cohort

app: $(VENV)/.ready
	$(BIN)/iom app

test: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

bench: $(VENV)/.ready
	$(BIN)/python -m experiments.benchmark

bench-runs: $(VENV)/.ready
	$(BIN)/python -m experiments.benchmark.runs
	$(BIN)/python -m experiments.benchmark.phases --out docs/tables/phases.csv
	$(BIN)/python -m experiments.documentation

class: $(VENV)/.ready
	$(BIN)/python -m experiments.benchmark.classroom

kills: $(VENV)/.ready
	$(BIN)/python -m tests.kills --moments 50

match: $(VENV)/.ready
	$(BIN)/python -m calibration.match --out docs/tables/match.csv
	$(BIN)/python -m calibration.quick_exits --out docs/tables/quick_exits.csv
	$(BIN)/python -m experiments.documentation

practices: $(VENV)/.ready
	$(BIN)/python -m experiments.practices --out docs/tables
	$(BIN)/python -m experiments.practices.places --out docs/tables/places.csv
	$(BIN)/python -m experiments.documentation

fit: $(VENV)/.ready
	$(BIN)/python -m calibration.fit $(SITE)

pictures: $(VENV)/.ready
	$(BIN)/iom compare nottingham hub bigger-cohort hub+bigger-cohort --out results/pictures
	mkdir -p docs/pictures
	cp results/pictures/run.png docs/pictures/nottingham.png
	$(BIN)/python -m experiments.before_and_after

cohort-size: $(VENV)/.ready
	$(BIN)/iom sweep cohort-size-by-form --out results/cohort-size-by-form
	mkdir -p docs/pictures docs/tables
	cp results/cohort-size-by-form/curve.png docs/pictures/cohort_size_by_form.png
	cp results/cohort-size-by-form/curve.csv docs/tables/cohort_size_by_form.csv

stories: $(VENV)/.ready
	$(BIN)/python -m experiments.stories

viz: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --constraint constraints.txt ".[viz]"
	$(BIN)/python -m pytest -n 0 tests/test_browser_solara.py

schemas: $(VENV)/.ready
	$(BIN)/iom schema site > scenarios/schemas/site.schema.json
	$(BIN)/iom schema option > scenarios/schemas/option.schema.json
	$(BIN)/iom schema era > scenarios/schemas/era.schema.json
	$(BIN)/iom schema study > scenarios/schemas/study.schema.json
	$(BIN)/iom schema exercise > scenarios/schemas/exercise.schema.json

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
