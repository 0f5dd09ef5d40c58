#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Cleans up after a test run, however it ends: it reads what was started from standard input, one line each, and once
# the other end is closed (that process has ended, or crashed) kills all of it and removes its data.
#
#   server FOLDER    a server of servers.sh
#   process PID      a process, and `ended PID` when it has been waited for
#   folder FOLDER    a folder to remove at the end
set -uo pipefail
trap '' INT TERM HUP
here=$(dirname "$(readlink -f "$0")")
declare -A processes=()
servers=() folders=()
while IFS=' ' read -r what value; do
  case $what in
    server) servers+=("$value") ;;
    process) processes[$value]=1 ;;
    ended) unset "processes[$value]" ;;
    folder) folders+=("$value") ;;
  esac
done
for pid in "${!processes[@]}"; do kill -KILL "$pid" 2>/dev/null; done
for server in "${servers[@]}"; do "$here/servers.sh" signal KILL --datadir "$server"; done
for folder in "${folders[@]}"; do rm -rf "$folder"; done
