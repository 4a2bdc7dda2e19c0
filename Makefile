# Every target says what it does: make help.

.DEFAULT_GOAL := help
export DESTDIR PREFIX
.PHONY: help setup packages build install demo test soak lint format bench docs check readme standalone clean

help: ## Shows this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: packages ## Installs what is missing: by apt-get (Debian), and test servers by pip in .build/venv
	@scripts/setup-test-servers

packages:
	@scripts/setup

build: packages ## Builds the release program: .build/release/rollcall
	@swift build -c release --static-swift-stdlib --product rollcall

install: ## Lays the built program out below PREFIX (/usr/local), in DESTDIR if a package is made
	@scripts/install

demo: packages ## Plays two days of a small company in a temporary directory
	@scripts/demo

test: setup ## Runs the tests
	@swift test

soak: setup ## Runs the full number of random cases, and goes on where it stopped
	@scripts/soak

lint: ## Checks the style of the Swift code
	@swift format lint --strict --recursive Sources Tests Package.swift

format: ## Brings the Swift code into that style
	@swift format --in-place --recursive Sources Tests Package.swift

readme: packages ## Runs the commands of the README and of the docs
	@scripts/check-readme

standalone: packages ## Runs the release program where there is no Swift toolchain
	@scripts/check-standalone

check: lint test readme standalone ## Everything that must pass before a change goes in

bench: packages ## Measures how long runs take: see docs/benchmarks.md
	@scripts/bench

docs: packages ## Makes man pages and shell completions in dist/
	@scripts/make-docs

clean: ## Removes what was built
	@rm -rf .build dist
