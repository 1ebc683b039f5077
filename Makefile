# Two commands matter: `make demo` and `make test`. Both install what they need first (Debian, as root).
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help deps demo test unit end-to-end lint format bench shares control instructions simulate mutations deb deb-check release certs clean

BUILD := libnghttp2-dev libssl-dev libsqlite3-dev pkg-config
TOOLS := nghttp2-client nghttp2-server nghttp2-proxy haproxy curl valgrind openssl iproute2 nftables procps python3-venv python3-hpack python3-seccomp systemd chromium \
    chromium-driver prometheus testssl.sh debootstrap groff mandoc zsh fish
VENV := .tools/venv
SWIFT_FILES := Package.swift Sources Tests
# The same for every test run: the program under test, and the Python that has grpcio.
export PORTOLAN_BINARY ?= $(CURDIR)/.build/debug/portolan
export PORTOLAN_PYTHON ?= $(CURDIR)/$(VENV)/bin/python

help: ## print these lines
	@echo "usage: make TARGET [ARGS=…]"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

deps: ## install what building, testing and measuring need (apt, pip); quick when it is all there
	@missing=$$(for name in $(BUILD) $(TOOLS); do \
	    dpkg-query -W -f='$${db:Status-Status}' $$name 2>/dev/null | grep -qx installed || echo $$name; done); \
	if [ -n "$$missing" ]; then \
	    command -v apt-get >/dev/null || { echo "make deps knows Debian only; install:" $$missing >&2; exit 1; }; \
	    [ "$$(id -u)" = 0 ] || { echo "make deps: run it as root, or install:" $$missing >&2; exit 1; }; \
	    echo "installing:" $$missing; \
	    export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1; \
	    apt-get update -q && apt-get install -q -y --no-install-recommends $$missing; \
	fi
	@$(VENV)/bin/python -c 'import grpc, schemathesis, selenium' 2>/dev/null || { \
	    /usr/bin/python3 -m venv $(VENV) && $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check \
	        'grpcio>=1.60' 'selenium>=4.20' 'schemathesis>=4'; }

demo: deps ## three regions and an edge on this machine, and a tour of requests (ARGS=--once ends after it)
	swift build -c release --product portolan
	.build/release/portolan demo $(ARGS)

test: deps ## all tests: unit, then end to end with real clients and servers
	swift build --build-tests
	@$(MAKE) --no-print-directory unit end-to-end

# Unit tests share nothing and run side by side. End-to-end tests own cores, ports and clocks, and so do those of the
# probe loop and the demo's regions, which are programs of their own on real sockets: one at a time.
SERIAL := 'EndToEndTests|ProbesTests|DemoTests'
unit:
	swift test --skip-build --disable-xctest --skip $(SERIAL)

end-to-end:
	swift test --skip-build --disable-xctest --no-parallel --filter $(SERIAL)

lint: ## fail on anything that `make format` would change, or that style forbids
	swift format lint --strict --parallel --recursive --configuration .swift-format $(SWIFT_FILES)

format: ## lay out all Swift files as .swift-format says
	swift format format --in-place --parallel --recursive --configuration .swift-format $(SWIFT_FILES)

bench: deps release ## CPU, latency and memory beside HAProxy and nghttpx (ARGS="--quick", "--cases small,idle", --check)
	bench/run.py $(ARGS)

control: deps release ## how soon changes are in force, what a crash loses, what a flooded admin API costs, drains under load
	bench/control.py $(ARGS)
	bench/drains.py

shares: deps release ## where 1,000,000 real requests go while snapshots change ten times a second
	bench/shares.py $(ARGS)

instructions: deps ## instructions and mallocs per request under callgrind (ARGS=--check holds bench/budget.json)
	swift build -c release --product edge-bench
	bench/instructions.py $(ARGS)

simulate: ## hours of seeded outages over the routing (ARGS="--seeds 5000", --check as CI does, --seed N, --fault KIND)
	swift build -c release --product simulate
	.build/release/simulate $(ARGS)

mutations: ## put deliberate bugs into a copy of Policy and see that the simulator catches each
	bench/mutations.py $(ARGS)

deb: deps ## a Debian package in .build/deb, the binary with Swift's libraries in it
	packaging/deb.sh

deb-check: deb ## install that package into a fresh Debian, run it there as systemd would, and remove it (root, a Debian mirror)
	packaging/unit.sh .build/static/release/portolan
	packaging/check.sh $$(ls -t .build/deb/*.deb | head -1)

release: ## optimised build: .build/release/portolan
	swift build -c release --product portolan

certs: ## make certs/ca.crt, dev.crt and dev.key for localhost (never committed)
	certs/make.sh

clean: ## remove what was built (not what was installed)
	rm -rf .build bench/out
