#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What is measured, and what measures. Sourced by tools/bench.sh.

build() {
  tools/install-deps.sh
  local flags=(-c release --static-swift-stdlib -Xswiftc -static-executable) bin
  if [ -z "${BENCH_SKIP_BUILD:-}" ]; then
    say "building"
    quiet tools/build-static.sh
    SYNC_BENCHMARKS=1 quiet swift build "${flags[@]}" --product Limits
    SYNC_BENCHMARKS=1 quiet swift build "${flags[@]}" --product Transcode
  fi
  bin=$(SYNC_BENCHMARKS=1 swift build "${flags[@]}" --show-bin-path 2>/dev/null)
  cp "$bin/Limits" "$bin/Transcode" "$folder/"
  cp .build/static/syncd "$folder/syncd"
  limits=$folder/Limits transcode=$folder/Transcode syncd=$folder/syncd
}
