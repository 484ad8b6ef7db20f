# Two commands are enough: `make run` and `make test`. Everything lives in .venv inside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run app test bench match pictures schemas clean

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

match: $(VENV)/.ready
	$(BIN)/python -m experiments.match

pictures: $(VENV)/.ready
	$(BIN)/iom compare nottingham hub bigger-cohort hub+bigger-cohort --out results/pictures
	mkdir -p docs/pictures
	cp results/pictures/run.png docs/pictures/nottingham.png
	$(BIN)/python -m experiments.before_and_after

schemas: $(VENV)/.ready
	$(BIN)/iom schema site > scenarios/schemas/site.schema.json
	$(BIN)/iom schema option > scenarios/schemas/option.schema.json
	$(BIN)/iom schema exercise > scenarios/schemas/exercise.schema.json

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
