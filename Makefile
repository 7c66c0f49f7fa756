# Needs Python 3.11 or newer and make. Everything else is installed into .venv.
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SERVE := $(VENV)/.serve-installed
DEV := $(VENV)/.dev-installed
OURS := gateway translation glossary models store conversation
# Debian's fonts that hold the scripts and emoji which the browser tests show.
FONTS := fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji

.DEFAULT_GOAL := help
.PHONY: help install run test check format lock bench test-redis venv chromium redis-server clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(SERVE) ## .venv with the dragoman command and all it needs to run

run: $(SERVE) ## start store, workers and gateway, and say where to go
	@exec $(BIN)/dragoman serve --with-parent

test: check chromium ## everything: check, all tests, the store's tests against Debian's redis-server
	@$(MAKE) --no-print-directory test-redis
	$(BIN)/python -m pytest

check: $(DEV) ## style, types, container files; no tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tools/check_containers.py

format: $(DEV) ## bring the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# REDIS_URL: a server made for this run. TEST_REDIS_SERVER: the fault tests start and kill their own.
test-redis: $(DEV) redis-server ## the store and fault tests against Debian's redis-server
	TEST_REDIS_SERVER=$$(command -v redis-server) $(BIN)/python tools/with_redis.py $(BIN)/python -m pytest -q tests/store tests/faults

bench: $(DEV) ## what can be measured, and how
	@for each in bench/*.py; do sed -n '1s/^"""\(.*`python -m bench.*\)/\1/p' "$$each" | sed 's|`python|`$(BIN)/python|; s/"""$$//'; done

lock: ## choose the newest versions that pyproject.toml allows and write requirements/*.txt
	@$(MAKE) --no-print-directory venv
	test -x $(VENV)/lock/bin/uv || { $(BIN)/python -m venv $(VENV)/lock && $(VENV)/lock/bin/python -m pip -q install uv; }
	$(LOCK) pyproject.toml -o requirements/serve.txt
	$(LOCK) requirements/build.in -o requirements/build.txt
	$(LOCK) pyproject.toml --group dev -c requirements/serve.txt -o requirements/dev.txt
LOCK := UV_CUSTOM_COMPILE_COMMAND="make lock" $(VENV)/lock/bin/uv pip compile --quiet --upgrade --universal \
	--generate-hashes --python-version 3.11 --no-emit-package dragoman

clean: ## remove the environment and what tools left behind; var/ with its conversations stays
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

venv:
	@tools/venv.sh $(VENV)

# --no-deps: the lock files name every package; a missing one should fail here and not be fetched unseen.
$(SERVE): requirements/serve.txt requirements/build.txt pyproject.toml
	@tools/venv.sh $(VENV)
	$(PIP) install --require-hashes --no-deps -r requirements/serve.txt -r requirements/build.txt
	$(PIP) install --no-build-isolation --no-deps --editable .
	@$(BIN)/python -m compileall -q $(OURS)
	@touch $@

$(DEV): $(SERVE) requirements/dev.txt
	$(PIP) install --require-hashes --no-deps -r requirements/dev.txt
	$(PIP) install --index-url $(TORCH_INDEX) --retries 0 $(TORCH) 2>/dev/null || $(PIP) install $(TORCH)
	@touch $@

# Not in the lock: the same version comes as gigabytes for graphics cards from PyPI and small for the CPU from its makers.
TORCH := torch==2.13.0
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu

chromium:
	@tools/debian.sh chromium chromium $(FONTS)

redis-server:
	@tools/debian.sh redis-server redis-server
