# One command each: everything sets itself up in .venv from this folder's own files.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
PORT ?= 8000
DATA ?= demo-data
# How many processes run the tests, each whole files; one more than cores, as browsers wait a lot.
BESIDE ?= 3

.PHONY: demo browser test check pictures snapshots fault bench bench-national profile docs audit clean

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("fieldapp needs Python 3.11 or later; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python lacks venv: on Debian run 'apt-get install python3-venv'." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/developing: $(VENV)/installed
	@$(BIN)/pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $@

demo: $(VENV)/installed
	@$(BIN)/fieldapp demo --data $(DATA) --port $(PORT)

browser:
	@sh tests/browser/find.sh

test: $(VENV)/developing browser
	@$(BIN)/pytest -n $(BESIDE) --dist loadfile

check: $(VENV)/developing browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/cog -P -I . --check README.md
	$(BIN)/pytest -n $(BESIDE) --dist loadfile

docs: $(VENV)/developing
	$(BIN)/cog -P -I . -r README.md

pictures: $(VENV)/developing browser
	$(BIN)/python -m tests.browser.pictures docs

snapshots: $(VENV)/developing
	$(BIN)/python -m tests.report.snapshot

fault: $(VENV)/developing browser
	$(BIN)/pytest tests/fault tests/fuzz -m "long or not long" -n $(BESIDE) --dist worksteal --faults docs/faults.md
	$(BIN)/pytest tests -m long --ignore tests/fault --ignore tests/fuzz -n $(BESIDE)

bench: $(VENV)/developing
	$(BIN)/python -m tests.bench --keep docs/bench.md

# Where the time goes when an answer is saved, and when a month is exported.
profile: $(VENV)/developing
	$(BIN)/python -m tests.bench.profile

bench-national: $(VENV)/developing
	$(BIN)/python -m tests.bench.growth --keep docs/bench-national.md

# What is installed in $(VENV), as it is: a list of materials, and whether a weakness is known of it.
audit:
	@test -x $(BIN)/python || { echo "Nothing is installed in $(VENV): 'make $(VENV)/installed' does." >&2; exit 2; }
	@test -x $(VENV)/audit/bin/python || $(PYTHON) -m venv $(VENV)/audit
	@$(VENV)/audit/bin/pip install --quiet --disable-pip-version-check 'pip-audit>=2.10,<3' 'cyclonedx-bom>=7.2,<8'
	@$(PYTHON) ops/audit.py $(BIN)/python $(VENV)/audit/bin audit

clean:
	rm -rf $(VENV) demo-data audit .pytest_cache .mypy_cache .ruff_cache .hypothesis
