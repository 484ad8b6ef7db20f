# Two commands are enough: `make run` and `make test`. Everything lives in .venv inside this folder.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run app test bench bench-full bench-runs calibrate validate class kills mutants fuzz coverage baseline \
	match evidence practices fit pictures stories workshop-pictures viz break-even break-even-shares two-questions \
	staffing-mix information-delay end-of-funding evaluate diamond trend lancashire national schemas docs clean

run: $(VENV)/.ready
	$(BIN)/iom compare nottingham hub bigger-cohort hub+bigger-cohort

app: $(VENV)/.ready
	$(BIN)/iom app

test: $(VENV)/.ready
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

# Beside other programs of the same rules: some minutes; in full, with what each practice costs, half an hour.
bench: $(VENV)/.ready
	$(BIN)/python -m experiments.benchmark --quick

bench-full: $(VENV)/.ready
	$(BIN)/python -m experiments.benchmark.phases --out docs/tables/phases.csv
	$(BIN)/python -m experiments.benchmark.practices --out docs/tables/benchmark_practices.csv
	$(BIN)/python -m experiments.benchmark --docs docs
	$(BIN)/python -m experiments.documentation

bench-runs: $(VENV)/.ready
	$(BIN)/python -m experiments.benchmark.runs

class: $(VENV)/.ready
	$(BIN)/python -m experiments.benchmark.classroom --out docs/tables/class.csv
	$(BIN)/python -m experiments.benchmark.tape --out docs/tables/tape.csv
	$(BIN)/python -m experiments.documentation

kills: $(VENV)/.ready
	$(BIN)/python -m tests.kills --moments 50

# Small mistakes put into the model, each met by the tests that pass through it: a night, resumed by the same command.
mutants: $(VENV)/.ready
	$(BIN)/python -m tests.mutants --workers 2
	cp results/mutants/mutants*.csv docs/tables/
	$(BIN)/python -m experiments.documentation

fuzz: $(VENV)/.ready
	$(BIN)/python -m tests.fuzz --cases 10000

coverage: $(VENV)/.ready
	mkdir -p results
	$(BIN)/python -m pytest --cov --cov-report=term --cov-report=json:results/coverage.json --cov-fail-under=95
	$(BIN)/python -m tests.covered results/coverage.json docs/tables/coverage.csv
	$(BIN)/python -m experiments.documentation

# The numbers of shipped sites: run this, and nothing else, to change them.
baseline: $(VENV)/.ready
	$(BIN)/python -m tests.baseline

match: $(VENV)/.ready
	$(BIN)/python -m calibration.match --out docs/tables/match.csv
	$(BIN)/python -m calibration.quick_exits --out docs/tables/quick_exits.csv
	$(BIN)/python -m experiments.documentation

evidence: $(VENV)/.ready
	$(BIN)/python -m calibration.evidence --out docs/tables
	$(BIN)/python -m experiments.documentation

# Draws to ship: an hour or two on two cores; the bank goes on from what it has.
calibrate: $(VENV)/.ready
	$(BIN)/iom calibrate --out calibration/posterior.parquet

validate: $(VENV)/.ready
	$(BIN)/iom validate --out results/validation
	cp results/validation/calibration_*.csv docs/tables
	cp results/validation/calibration_*.png docs/pictures
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

stories: $(VENV)/.ready
	$(BIN)/python -m experiments.stories

# Pictures of the workshop's views, by the test that opens them in a browser.
workshop-pictures: $(VENV)/.ready
	SCREENSHOTS=docs/pictures $(BIN)/python -m pytest -n 0 tests/test_browser_workshop.py

viz: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet --constraint constraints.txt ".[viz]"
	$(BIN)/python -m pytest -n 0 tests/test_browser_solara.py

# What decides break-even: a screening, and the conditions under which a hub fails to break even.
break-even: $(VENV)/.ready
	$(BIN)/iom sensitivity break-even --method morris --size 4 --out results/break-even-morris
	$(BIN)/iom sweep break-even --out results/break-even
	$(BIN)/iom discover results/break-even --option hub
	$(BIN)/iom money results/break-even
	mkdir -p docs/pictures docs/tables
	cp results/break-even-morris/sensitivity.csv docs/tables/break_even_morris.csv
	cp results/break-even-morris/sensitivity.png docs/pictures/break_even_morris.png
	cp results/break-even/conditions.csv docs/tables/break_even_conditions.csv
	cp results/break-even/regret.csv docs/tables/break_even_regret.csv
	cp results/break-even/information.csv docs/tables/break_even_information.csv
	cp results/break-even/switching.csv docs/tables/break_even_switching.csv
	cp results/break-even/discovery.png docs/pictures/break_even_discovery.png
	cp results/break-even/tree.png docs/pictures/break_even_tree.png
	$(BIN)/python -m experiments.documentation

# Shares of variance for three factors that decide whether it pays, and three of what a hub costs and saves.
FACTORS ?= response.log_odds_per_hour pathways.relief.effect costs.crime_price_ratio forms.hub.premises_gbp_a_year \
	forms.hub.coordination_saved_share forms.hub.travel_saved_share
SIZE ?= 16
break-even-shares: $(VENV)/.ready
	$(BIN)/iom sensitivity break-even --method sobol --size $(SIZE) --replications 2 $(addprefix --factor ,$(FACTORS)) \
		--out results/break-even-sobol
	mkdir -p docs/pictures docs/tables
	cp results/break-even-sobol/sensitivity.csv docs/tables/break_even_sobol.csv
	cp results/break-even-sobol/chance.csv docs/tables/break_even_chance.csv
	cp results/break-even-sobol/sensitivity.png docs/pictures/break_even_sobol.png
	$(BIN)/python -m experiments.documentation

# How many to carry, and how to sit together: a night on one core.
two-questions: $(VENV)/.ready
	$(BIN)/iom sweep cohort-size-by-shape --out results/cohort-size-by-shape
	$(BIN)/iom sweep hub-thresholds --out results/hub-thresholds
	mkdir -p docs/pictures docs/tables
	cp results/cohort-size-by-shape/curve.png docs/pictures/cohort_size_by_shape.png
	cp results/cohort-size-by-shape/curve.csv docs/tables/cohort_size_by_shape.csv
	$(BIN)/python -m experiments.deciding.two_questions results/cohort-size-by-shape results/hub-thresholds
	$(BIN)/python -m experiments.documentation

staffing-mix: $(VENV)/.ready
	$(BIN)/iom sweep staffing-mix --out results/staffing-mix
	$(BIN)/iom discover results/staffing-mix
	mkdir -p docs/pictures docs/tables
	cp results/staffing-mix/regret.csv docs/tables/staffing_mix_regret.csv
	cp results/staffing-mix/information.csv docs/tables/staffing_mix_information.csv
	cp results/staffing-mix/discovery.png docs/pictures/staffing_mix.png
	$(BIN)/python -m experiments.documentation

information-delay: $(VENV)/.ready
	$(BIN)/iom sweep information-delay --out results/information-delay
	mkdir -p docs/pictures docs/tables
	cp results/information-delay/curve.png docs/pictures/information_delay.png
	cp results/information-delay/curve.csv docs/tables/information_delay.csv

end-of-funding: $(VENV)/.ready
	$(BIN)/iom sweep end-of-funding --out results/end-of-funding
	mkdir -p docs/pictures docs/tables
	cp results/end-of-funding/curve.png docs/pictures/end_of_funding.png
	cp results/end-of-funding/curve.csv docs/tables/end_of_funding.csv

# What each way of evaluating would have reported: an hour or two, resumed by the same command.
evaluate: $(VENV)/.ready
	$(BIN)/iom evaluate ways-of-looking --out results/ways-of-looking
	$(BIN)/iom evaluate coverage --out results/coverage
	$(BIN)/iom evaluate coverage-of-an-effect --out results/coverage-of-an-effect
	mkdir -p docs/pictures docs/tables
	cp results/ways-of-looking/reported.csv docs/tables/evaluation.csv
	cp results/ways-of-looking/falls_reported.csv docs/tables/evaluation_falls.csv
	cp results/ways-of-looking/evaluation.png docs/pictures/evaluation.png
	cp results/ways-of-looking/falls.png docs/pictures/evaluation_falls.png
	cp results/coverage/reported.csv docs/tables/evaluation_coverage.csv
	cp results/coverage-of-an-effect/reported.csv docs/tables/evaluation_coverage_of_an_effect.csv
	$(BIN)/python -m experiments.documentation

# Both arms of the one matched comparison, in people like its own, in as many places as its file says; resumed
# likewise.
# A look at it: make diamond WORLDS=8.
WORLDS ?= 150
diamond: $(VENV)/.ready
	$(BIN)/iom evaluate diamond --worlds $(WORLDS) --out results/diamond
	$(BIN)/python -m experiments.evaluating.diamond results/diamond --out docs/tables
	$(BIN)/python -m experiments.documentation

# Whether the pool's offences without a partnership stand still over five years; RUNS=3 for a look at it.
RUNS ?= 10
trend: $(VENV)/.ready
	$(BIN)/python -m experiments.trend --replications $(RUNS)
	$(BIN)/python -m experiments.documentation

# What those carried in Lancashire cost without a partnership, beside the published case study.
lancashire: $(VENV)/.ready
	$(BIN)/python -m experiments.money.lancashire
	$(BIN)/python -m experiments.documentation

# A country of partnerships, and one pool of 100,000 people with every practice.
national: $(VENV)/.ready
	mkdir -p docs/tables
	$(BIN)/python -m experiments.benchmark.one_pool --table docs/tables/one_pool.csv
	$(BIN)/python -m experiments.benchmark.national --table docs/tables/national.csv
	$(BIN)/python -m experiments.documentation

docs: $(VENV)/.ready
	$(BIN)/python -m experiments.documentation

schemas: $(VENV)/.ready
	$(BIN)/iom schema site > scenarios/schemas/site.schema.json
	$(BIN)/iom schema option > scenarios/schemas/option.schema.json
	$(BIN)/iom schema era > scenarios/schemas/era.schema.json
	$(BIN)/iom schema study > scenarios/schemas/study.schema.json
	$(BIN)/iom schema exercise > scenarios/schemas/exercise.schema.json
	$(BIN)/iom schema evaluation > scenarios/schemas/evaluation.schema.json

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
