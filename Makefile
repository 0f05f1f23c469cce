PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: book test lab serve pdf bench clean
.DEFAULT_GOAL := book

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --require-hashes -r requirements.lock
	$(VENV)/bin/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

book: $(VENV)/ready
	$(RUN) -m wattbook.site.build

test: $(VENV)/ready
	sh tests/install_browser.sh
	$(RUN) -m pytest --numprocesses auto --dist worksteal

lab: $(VENV)/ready
	$(VENV)/bin/jupyter lab notebooks

serve: $(VENV)/ready
	$(RUN) -m http.server --bind 127.0.0.1 --directory _build/html 8000

pdf: book
	sh tests/install_browser.sh
	$(RUN) -m wattbook.site.pdf _build/wattbook.pdf

bench: $(VENV)/ready
	$(RUN) benchmarks/run.py

clean:
	rm -rf _build $(VENV)
