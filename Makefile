# `make run` and `make test` set up everything they need in .venv, from the locked versions.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$p -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
COUNT ?= 3

.PHONY: help run test check metrics soak places bench lock clean

help:
	@echo "make run     watch the feeds of config/watcher.yaml, alerts in this terminal"
	@echo "make test    the tests"
	@echo "make check   linters, types, import contracts"
	@echo "make metrics what Prometheus and Grafana are given, tried by promtool"
	@echo "make soak    the tests with their full counts; takes hours"
	@echo "make places  the image and the systemd unit, really tried; needs root, debootstrap and systemd"
	@echo "make bench   the benchmarks, as ratios; ARGS='match storm' for some, docs/performance.md tells more"
	@echo "make lock    renew the locked versions"
	@echo "make clean   delete what was set up; what the watcher remembers stays"

.venv/.made:
	@test -n "$(PYTHON)" || { echo "watcher needs Python 3.11 or newer with venv; none was found" >&2; exit 78; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.run: .venv/.made requirements.txt pyproject.toml
	$(PIP) install --quiet --require-hashes --requirement requirements.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.run requirements-dev.txt
	$(PIP) install --quiet --require-hashes --requirement requirements-dev.txt
	@touch $@

run: .venv/.run
	@exec $(BIN)/watcher run --config config/watcher.yaml

test: .venv/.dev
	$(BIN)/python tests/data/fetch_feedparser_tests.py
	$(BIN)/python -m pytest -n $(COUNT)

check: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

metrics: .venv/.dev
	@command -v promtool >/dev/null || { echo "promtool is missing: install your system's package prometheus" >&2; exit 78; }
	promtool check rules config/prometheus-rules.yaml
	promtool test rules tests/data/prometheus-tests.yaml
	$(BIN)/python -m tests.prometheus page | promtool check metrics
	$(BIN)/python -m tests.prometheus queries | promtool check rules /dev/stdin

soak: .venv/.dev
	$(BIN)/python tests/data/fetch_feedparser_tests.py
	WATCHER_SOAK=1 $(BIN)/python -m pytest -n $(COUNT) --timeout 3600

places: .venv/.dev
	$(BIN)/python -m tests.places.machine
	test -d .cache/bookworm || debootstrap --variant=minbase bookworm .cache/bookworm
	$(BIN)/python -m tests.places.image --base .cache/bookworm

bench: .venv/.dev
	$(BIN)/python -m tests.bench $(ARGS)

lock: .venv/.dev
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-emit-options --allow-unsafe --extra build --output-file requirements.txt pyproject.toml
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-emit-options --allow-unsafe --extra build --extra dev --output-file requirements-dev.txt pyproject.toml
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-emit-options --allow-unsafe --output-file tests/bench/peers.txt tests/bench/peers.in
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-emit-index-url \
		--no-emit-find-links --no-emit-trusted-host --no-emit-options --allow-unsafe --output-file tests/data/lang.txt tests/data/lang.in

clean:
	rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis
