# Veil: two commands to know, `make demo` and `make test`. Both set up what they need.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
DEMO := .venv/demo
# Python compiles a module when it is first imported: most of what is installed never is.
PIP := -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt
INSTALL := $(PIP) --editable
REQUIRED := import tomllib; project = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
	print(*project['dependencies'], *project['optional-dependencies']['demo'], sep='\n')
CONSOLE := $(filter-out gateway/http/graphiql/built,$(wildcard gateway/http/graphiql/*))

.PHONY: demo test proof fuzz mutants faults floods linkage timing lint bench bench-check bench-adopted bench-changes scale clean

demo: $(DEMO)  ## serve a sample marketplace over an embedded PostgreSQL
	@exec $(BIN)/veil demo

test: $(READY) lint  ## every check and every test
	$(BIN)/pytest --numprocesses 2 --dist worksteal

proof: $(READY)  ## examples of what a second opinion thinks of each answer and record, until stopped
	@exec $(BIN)/python -m tests.opinion

fuzz: $(READY)  ## 50,000 requests by chance, as every role: none may fail or be answered outside its schema
	$(BIN)/python $(INSTALL) '.[fuzz]'
	@exec $(BIN)/python -m tests.fuzz

mutants: $(READY)  ## breaks the gateway on purpose, to see that the second opinion notices (some minutes)
	$(BIN)/python -m tests.opinion.mutants

faults: $(READY)  ## kills, cuts and fills what there is for ten minutes: no answer may lack its record
	@exec $(BIN)/python -m tests.faults

floods: $(READY)  ## what a stranger can add to the log in 20 seconds, however they ask (a minute)
	@exec $(BIN)/python -m tests.faults.floods

timing: $(READY)  ## how well a hidden row is told from an absent one by the time of an answer (some minutes)
	@exec $(BIN)/python -m tests.inference.timing

linkage: $(READY)  ## how many pseudonyms lead to somebody, at 1,000 and 50,000 members (some minutes)
	@exec $(BIN)/python -m tests.inference.linkage

scale: $(READY)  ## the plans of every condition at 100,000 members (some minutes)
	$(BIN)/pytest --override-ini addopts="--strict-markers --strict-config -ra" tests/scale

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/basedpyright

bench: $(READY)  ## Veil beside its peers and the limits, and how it grows (over an hour; needs wrk)
	$(BIN)/python -m benchmarks

bench-check: $(READY)  ## fail when Veil has become a tenth slower than benchmarks/baseline.json says (some minutes)
	$(BIN)/python -m benchmarks check

bench-adopted: $(READY)  ## tables that nobody made for Veil beside those it makes, at 20,000 members (some minutes)
	$(BIN)/python -m benchmarks adopted

bench-changes: $(READY)  ## a change with its record beside the same by hand (a minute)
	$(BIN)/python -m benchmarks changes

$(DEMO): pyproject.toml constraints.txt $(CONSOLE)
	$(PYTHON) -m venv .venv
	@$(BIN)/python -c "$(REQUIRED)" > .venv/required.txt
	@echo 'installing: Veil itself, with its console, is built while what it requires is fetched (about a minute)'
	@$(BIN)/python $(INSTALL) . --no-deps & BUILDING=$$!; \
	$(BIN)/python $(PIP) --requirement .venv/required.txt; INSTALLED=$$?; \
	wait $$BUILDING && exit $$INSTALLED
	@touch $@

# What the tests need comes on top of the demo, in the same environment.
$(READY): pyproject.toml constraints.txt $(CONSOLE)
	$(PYTHON) -m venv .venv
	$(BIN)/python $(INSTALL) '.[demo,test,bench,otel]'
	@touch $(DEMO) $@

clean:
	rm -rf .venv .veil build dist gateway/http/graphiql/built gateway/http/graphiql/node_modules
