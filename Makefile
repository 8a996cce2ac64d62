# `make serve` and `make test` do all the set-up on a fresh clone.

PYTHON ?= python3.11
VENV ?= .venv
# Options for pip, for example an index that has the CPU build of PyTorch (see docs/usage.md).
PIP_ARGS ?=
BIN := $(VENV)/bin

export HF_HUB_OFFLINE := 1

.PHONY: serve ask test lint types eval eval-embedding baseline bench bench-public bench-peers bench-scale bench-growth bench-attack index clean

# Falls back to python3 where no python3.11 is on the path.
PY := $(shell command -v $(PYTHON) || command -v python3)

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PY) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check $(PIP_ARGS) -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check $(PIP_ARGS) --no-deps -e .
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check $(PIP_ARGS) -r requirements-dev.lock
	touch $@

index: $(VENV)/.installed
	$(BIN)/wenju ingest data/reports

serve: index
	$(BIN)/wenju serve

ask: index
	@test -n "$(Q)" || { echo 'usage: make ask Q="2020年嘉定固定资产投资增长多少"' >&2; exit 2; }
	@$(BIN)/wenju ask "$(Q)"

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

test: lint types
	$(BIN)/pytest
	$(BIN)/wenju --help >/dev/null
	$(BIN)/wenju eval gate

eval: index
	$(BIN)/wenju eval

eval-embedding: $(VENV)/.installed
	$(BIN)/wenju eval-embedding

# What `make test` compares with: make it anew when a change is meant to move it, and look at the difference.
baseline: $(VENV)/.installed
	$(BIN)/wenju eval gate --save

bench-public: $(VENV)/.installed
	$(BIN)/wenju eval bench cmrc2018
	$(BIN)/wenju eval bench xquad
	$(BIN)/wenju eval bench chronoqa

# Each peer in an environment of its own under $(VENV)/peers: several gigabytes, and a download the first time.
bench-peers: $(VENV)/.installed
	$(BIN)/python -m benchmarks.peers.run --environments $(VENV)/peers --pip "$(PIP_ARGS)"

# How ingest, opening and questions grow with the number of reports; SIZES="111 500 2000 5000" for more.
bench-scale: $(VENV)/.installed
	$(BIN)/python -m benchmarks.scale $(if $(SIZES),--sizes $(SIZES))

# How the work on hostile inputs grows with their length; takes a quarter of an hour.
bench-growth: $(VENV)/.installed
	$(BIN)/python -m benchmarks.growth questions
	$(BIN)/python -m benchmarks.growth files
	$(BIN)/python -m benchmarks.growth memory

# Kills, full disks, damage, pairs of writers, bad files and names, other origins, load and a soak; takes two hours.
bench-attack: $(VENV)/.installed
	$(BIN)/python -m benchmarks.attack all

bench: index
	$(BIN)/python -m benchmarks.service
	$(BIN)/python -m benchmarks.extraction

clean:
	rm -rf $(VENV) .wenju
