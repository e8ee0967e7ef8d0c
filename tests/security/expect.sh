# shellcheck shell=bash
# Counting of expectations, for the scripts of this folder.
passed=0
failed=0
# Warnings that only tell that the machine is slow: they are no complaint.
# shellcheck disable=SC2034  # for those who take this file
slowness='tcpstates: a reading took [0-9.]+ s, more than a quarter of the interval|read-function of the .tcpstates. plugin took|Not sleeping because the next interval is'

# expect WHAT COMMAND...: the command's success; what it prints is shown if not.
expect() {
  local what=$1 said
  shift
  if said=$("$@" 2>&1); then
    passed=$((passed + 1))
    echo "ok   $what"
  else
    failed=$((failed + 1))
    echo "FAIL $what"
    echo "$said" | tail -n 20 | sed 's/^/     | /'
  fi
}

# within SECONDS COMMAND...: until it succeeds; the last try is shown. A daemon that
# says in daemon_logs that it cannot load a plugin is not waited for.
daemon_logs=()
within() {
  local tenths=$(($1 * 10))
  shift
  until "$@" >/dev/null 2>&1; do
    if [ ${#daemon_logs[@]} -gt 0 ] &&
      "$(dirname "${BASH_SOURCE[0]}")/../lab/load_failure" "${daemon_logs[@]}"; then
      return 1
    fi
    if [ $((tenths -= 1)) -le 0 ]; then
      "$@"
      return
    fi
    sleep 0.1
  done
}

# equals EXPECTED COMMAND...: what it prints.
equals() {
  local expected=$1 found
  shift
  if ! found=$("$@") || [ "$found" != "$expected" ]; then
    echo "it is '$found', not '$expected'"
    return 1
  fi
}

fails() { ! "$@"; }

finish() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}
