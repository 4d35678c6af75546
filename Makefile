# Veil: two commands to know, `make demo` and `make test`. Both set up what they need.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
CONSOLE := $(filter-out gateway/graphiql/built,$(wildcard gateway/graphiql/*))

.PHONY: demo test proof mutants lint bench scale clean

demo: $(READY)  ## serve a sample marketplace over an embedded PostgreSQL
	@exec $(BIN)/veil demo

test: $(READY) lint  ## every check and every test
	$(BIN)/pytest

proof: $(READY)  ## examples of what a second opinion thinks of each answer and record, until stopped
	@exec $(BIN)/python -m tests.opinion

mutants: $(READY)  ## breaks the gateway on purpose, to see that the second opinion notices (some minutes)
	$(BIN)/python -m tests.opinion.mutants

scale: $(READY)  ## the plans of every condition at 100,000 members (some minutes)
	$(BIN)/pytest --override-ini addopts="--strict-markers --strict-config -ra" tests/scale

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/basedpyright

bench: $(READY)  ## requests per second and CPU per request, beside an empty route
	$(BIN)/python -m benchmarks

$(READY): pyproject.toml constraints.txt $(CONSOLE)
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@touch $@

clean:
	rm -rf .venv .veil build dist gateway/graphiql/built gateway/graphiql/node_modules
