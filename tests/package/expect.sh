# shellcheck shell=bash
# One line for each thing expected, with the expectation's own exit status, and
# the count at the end. Read by the scripts of this folder.
passed=0
failed=0

expect() { # WHAT COMMAND...
  local what=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
    echo "ok: $what"
  else
    failed=$((failed + 1))
    echo "FAILED: $what"
    return 1
  fi
}

same() { # FOUND EXPECTED
  [ "$1" = "$2" ] || {
    printf "found '%s' where '%s' is expected\n" "$1" "$2"
    return 1
  }
}

# The last words of a script: its count, which is its exit status, too.
report() {
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}
