# shellcheck shell=bash
# What valgrind's log says of us, and the count; part of run. Uses: sources.
passed=0
failed=0

# Blocks of a log that are of one kind and name a file of ours, in the plugins or
# the command, and nothing that matches NOT_OURS.
ours() { # LOG KIND [NOT_OURS]
  find "$sources/plugin" "$sources/tools" -name '*.c' -printf '%f\n' |
    awk -v kind="$2" -v not_ours="${3:-no such function}" '
      NR == FNR { file["(" $1 ":"] = 1; next }
      { sub(/^==[0-9]+== ?/, "") }
      /^ *$/ { if (bad && hit) print block "\n"; block = ""; bad = hit = 0; next }
      $0 ~ kind { bad = 1 }
      { block = block "\n" $0
        if (match($0, /\([a-z_]+\.c:/) && substr($0, RSTART, RLENGTH) in file) hit = 1
        if ($0 ~ not_ours) bad = 0
        if ($0 ~ /(tcpstates|baseline)\.so/) hit = 1 }' - "$1"
}

expect_none() { # WHAT LOG KIND [NOT_OURS]
  local found
  found=$(ours "$2" "$3" "${4:-}")
  if [ -z "$found" ] && grep -q 'ERROR SUMMARY' "$2"; then
    passed=$((passed + 1))
    echo "ok   $1: none"
  else
    failed=$((failed + 1))
    echo "FAIL $1: ${found:-valgrind did not end}" | head -n 60
  fi
}

# Syscall param bpf: libbpf asks for less of its structure than valgrind knows of.
expect_no_error() { # WHAT LOG
  expect_none "$1: errors" "$2" \
    '^(Invalid|Conditional|Use of|Syscall|Source and|Mismatched|Process term|Argument|Jump to)' \
    'Syscall param bpf[(]'
}

expect() { # WHAT COMMAND...
  local what=$1
  shift
  if "$@"; then
    passed=$((passed + 1))
    echo "ok   $what"
  else
    failed=$((failed + 1))
    echo "FAIL $what"
  fi
}

# All that valgrind counted, collectd's and other libraries' own with it.
summary() { # LOG
  grep -E 'ERROR SUMMARY|(definitely|possibly) lost: |still reachable: ' "$1" |
    sed 's/^==[0-9]*==/    valgrind, of all:/'
}
