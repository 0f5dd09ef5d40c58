# SPDX-License-Identifier: Apache-2.0
# Each target is one script; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test testenv build static fixtures bench torture large format lint clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

demo: ## start throw-away servers, replicate a small shop, and show keys and values changing
	@tools/demo.sh

test: ## install what is missing, build the static binary, run every test
	@tools/test.sh

testenv: ## start a PostgreSQL and an etcd to try things against (tools/testenv.sh stop)
	@tools/testenv.sh start

build: ## build for debugging
	@tools/install-deps.sh && tools/commit.sh && swift build

static: ## build .build/static/syncd: one file without dynamic dependencies
	@tools/install-deps.sh && tools/build-static.sh

fixtures: ## write the golden texts of the recorded conversations again and show the differences
	@tools/fixtures.sh

bench: ## measure dump and stream against the limits of this machine
	@tools/bench.sh

torture: ## kill everything at random 50 times (RUNS=50 SOURCE=pg-15) and prove that nothing was lost or repeated
	@tools/torture.sh $(or $(RUNS),50) $(or $(SOURCE),pg-15)

large: ## write and follow transactions above 4 GiB (ten minutes, 15 GB of disk space)
	@tools/large.sh

format: ## put the sources into the house's format
	@swift format --in-place --recursive --parallel Sources Tests Benchmarks Package.swift

lint: ## check format, scripts and the habits of the house
	@tools/lint.sh

clean: ## remove what was built
	@rm -rf .build
