#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The format of the sources, the scripts (where shellcheck is installed), and TidyTests.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

swift format lint --strict --recursive --parallel Sources Tests Benchmarks Package.swift
if command -v shellcheck >/dev/null; then shellcheck tools/*.sh tools/*/*.sh .ci/run; fi
swift test --filter TidyTests
