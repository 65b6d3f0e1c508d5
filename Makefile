# The only commands that a fresh machine with Python 3.11 or later needs:
#   make demo     a made-up person's archives, in the browser
#   make test     the tests that take minutes, the browser's included
#   make demo-shop   a made-up shop: its page, its counter and what its log answers, in the browser
# The rest is for those who work on Empreinte.

PYTHON ?= python3
BIN = .venv/bin
CATALOGUES = $(wildcard src/empreinte/locale/*/LC_MESSAGES/*.po)
# What people need, what the network lens, the tone of texts and a shop's counter need besides, and what working on Empreinte needs.
USERS = .venv/ready
NETWORK = .venv/network
TEXT = .venv/text
SHOP = .venv/counter
READY = .venv/developers

# The tests start Python again and again: it keeps what it compiles, whatever this shell says.
unexport PYTHONDONTWRITEBYTECODE
# A file goes whole to one process. In their order: by number of tests, those of the browser, few
# and long, would come last, and one process would wait for the other.
TOGETHER = --numprocesses auto --dist loadfile --no-loadscope-reorder

.PHONY: demo demo-shop network text test test-all coverage pythons check bench docs format lock \
  catalogues screenshots changes clean

demo: $(USERS)
	$(BIN)/empreinte demo

demo-shop: $(SHOP)
	$(BIN)/empreinte counter demo

network: $(NETWORK)

text: $(TEXT)

# Each process has a core: matrices by one thread, as a command has it.
test test-all: export OPENBLAS_NUM_THREADS = 1
test: $(READY)
	$(BIN)/pytest $(TOGETHER) -m "not slow and not real_data"

# Damage, real exports, values by the thousand, simulations, sizes as well.
test-all: $(READY)
	$(BIN)/pytest $(TOGETHER)

# How much of the layers that all else stands on their own quick tests run: lines and branches, by
# file; a file under 95 % fails.
coverage: $(READY)
	$(BIN)/coverage run -m pytest -m "not slow and not real_data" $(LAYERS)
	$(BIN)/python tools/covered.py

LAYERS = tests/api tests/asking tests/ledger tests/test_model.py tests/test_report.py tests/test_forms.py \
  tests/test_seams.py tests/test_claims.py tests/lenses/test_claims_told.py tests/kernels/test_comparable.py \
  tests/lenses/test_days.py tests/lenses/test_queries.py src/empreinte/api src/empreinte/asking \
  src/empreinte/ledger src/empreinte/model.py src/empreinte/report.py

# What `make test` runs, on the other Pythons that Empreinte is for, where they are there.
pythons:
	@for version in 3.11 3.12 3.13; do \
	  command -v python$$version >/dev/null || { echo "python$$version is not here"; continue; }; \
	  test -x .venv-$$version/bin/python || python$$version -m venv .venv-$$version; \
	  .venv-$$version/bin/python -m pip install --quiet --disable-pip-version-check \
	    --require-hashes -r requirements-dev.lock && \
	  .venv-$$version/bin/python -m pip install --quiet --disable-pip-version-check \
	    --no-deps --no-build-isolation -e . && \
	  .venv-$$version/bin/python -m pytest $(TOGETHER) \
	    -m "not slow and not real_data" || exit 1; \
	done

# Format, lint, types, layers, catalogues, docs.
check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports --no-cache
	$(BIN)/python tools/catalogues.py check
	$(BIN)/pytest tests/test_docs.py tests/test_catalogues.py

# Matrices by one thread, as a command has it.
bench: export OPENBLAS_NUM_THREADS = 1
bench: $(READY)
	for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python "$$file" || exit 1; done

# The documents as a site, in site/: open site/index.html. A warning is a failure.
docs: $(READY)
	$(BIN)/properdocs build --quiet --strict --config-file tools/site/properdocs.yml

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Reads every message of the sources into the French catalogue and compiles it.
catalogues: $(READY)
	$(BIN)/python tools/catalogues.py update

# Pins every dependency with its hashes; the address of an index is never written.
lock:
	uv lock
	$(EXPORT) --no-dev --group build -o requirements.lock
	$(EXPORT) --no-dev --group build --extra network -o requirements-network.lock
	$(EXPORT) --no-dev --group build --extra counter -o requirements-counter.lock
	$(EXPORT) --no-dev --group build --extra text -o requirements-text.lock
	$(EXPORT) --all-extras --no-extra text -o requirements-dev.lock

EXPORT = uv export --quiet --no-emit-project --no-emit-index-url --no-header --format requirements-txt

# What the culture lens teaches that wants to be looked up again: nothing, at a release.
changes: $(READY)
	$(BIN)/python tools/changes.py

screenshots: $(READY)
	$(BIN)/python tools/screenshots.py docs/screenshots

clean:
	rm -rf .venv .venv-3.* build dist site .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# The environment: pinned dependencies, by uv where it is there, then the package itself, which
# compiles its catalogues.
PIP = $(if $(shell command -v uv),uv pip install --quiet --python $(BIN)/python,\
  $(BIN)/python -m pip install --quiet --disable-pip-version-check)

$(USERS): requirements.lock
$(NETWORK): requirements-network.lock
$(TEXT): requirements-text.lock
$(SHOP): requirements-counter.lock
$(READY): requirements-dev.lock
$(USERS) $(NETWORK) $(TEXT) $(SHOP) $(READY): pyproject.toml hatch_build.py $(CATALOGUES)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Empreinte needs Python 3.11 or later; say where it is: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
	  { echo "Python has no venv here. On Debian: apt install python3-venv"; rm -rf .venv; exit 1; }
	$(PIP) --require-hashes -r $(filter %.lock,$^)
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@
