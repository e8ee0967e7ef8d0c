# shellcheck shell=bash
# Bash completion for collectd-baseline(1). It has no list of its own: subcommands,
# options, the kind of their values and the names of incidents come from the
# command's --help, hosts from the daemon if it answers within a second. Zsh and fish
# run this file, see _collectd_baseline_offer.

# Prints lines of: long option, short option or -, the kind of its value or -.
_collectd_baseline_options() { # COMMAND SUBCOMMAND
  "$1" "$2" --help 2>/dev/null | awk '/^ +(-[A-Za-z], )?--[a-z]/ {
    short = $1 ~ /^-[A-Za-z],$/ ? substr($1, 1, 2) : "-"
    sub(/^ +(-[A-Za-z], )?/, "")
    sub(/  .*/, "")
    print $1, short, (NF > 1 ? $2 : "-")
  }'
}

# Prints the kind of value that an option takes, or nothing.
_collectd_baseline_kind() { # OPTION, lines of options on standard input
  awk -v option="$1" \
    '$3 != "-" && (option == $1 || (option == $2 && $2 != "-")) { print $3 }'
}

_collectd_baseline_subcommands() { # COMMAND
  "$1" --help 2>/dev/null | awk '/^Subcommands/ { inside = 1; next }
    inside && /^  [a-z]/ { print $1 }'
}

# Prints the names that check's help lists below --incident.
_collectd_baseline_incidents() { # COMMAND
  "$1" check --help 2>/dev/null | awk '
    /^ +(-[A-Za-z], )?--/ { inside = /--incident / ; next }
    inside { for (i = 1; i <= NF; i++) if ($i ~ /^[a-z_]+$/) print $i }'
}

# Prints the settings that replay's help lists below --set, as KEY= or
# INCIDENT.KEY=.
_collectd_baseline_settings() { # COMMAND
  "$1" replay --help 2>/dev/null | awk '
    /^ +(-[A-Za-z], )?--/ { inside = /--set / ; next }
    !inside { next }
    match($0, /[a-z A-Z_]*:/) {
      block = substr($0, RSTART, RLENGTH - 1)
      gsub(/^ +/, "", block)
      sub(/^[^:]*:/, "")
    }
    { for (i = 1; i <= NF; i++)
        if (block == "top level") print $i "="
        else if (block == "Incident") common = common " " $i
        else if (block ~ /^[a-z_]+$/) {
          if (!(block in seen)) {
            seen[block] = 1
            n = split(common, key)
            for (k = 1; k <= n; k++) print block "." key[k] "="
          }
          print block "." $i "="
        }
    }'
}

_collectd_baseline_hosts() { # COMMAND SOCKET
  "$1" status --hosts --timeout 1 ${2:+--socket "$2"} 2>/dev/null
}

# Prints the socket that the line names so far.
_collectd_baseline_socket() {
  local i
  for ((i = 2; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
    -s | --socket)
      [[ ${COMP_WORDS[i + 1]} == = ]] && ((i++))
      echo "${COMP_WORDS[i + 1]}"
      ;;
    esac
  done
}

# Prints how many words before the cursor are neither options nor their values.
_collectd_baseline_arguments() { # lines of options
  local i count=0
  for ((i = 2; i < COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} != -* ]]; then
      ((count++))
    elif [[ ${COMP_WORDS[i + 1]} == = ]]; then
      ((i += 2))
    elif [[ -n $(_collectd_baseline_kind "${COMP_WORDS[i]}" <<<"$1") ]]; then
      ((i++))
    fi
  done
  echo "$count"
}

# Completes HOST INCIDENT DURATION.
_collectd_baseline_silenced() { # COMMAND, lines of options
  case $(_collectd_baseline_arguments "$2") in
  0) _collectd_baseline_words "$(_collectd_baseline_hosts "$1" "")" ;;
  1) _collectd_baseline_words "$(_collectd_baseline_incidents "$1")" ;;
  2) _collectd_baseline_words 30m 2h 1d ;;
  esac
}

_collectd_baseline_words() { # WORD...
  mapfile -t COMPREPLY < <(compgen -W "$*" -- "$cur")
}

_collectd_baseline_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

_collectd_baseline_value() { # COMMAND OPTION KIND
  case $3 in
  SOCKET | FILE | PATH) _collectd_baseline_files ;;
  SEVERITY) _collectd_baseline_words okay warning failure ;;
  HOST | PATTERN)
    if [[ $2 == --incident ]]; then
      _collectd_baseline_words "$(_collectd_baseline_incidents "$1")"
      return
    fi
    mapfile -t COMPREPLY < <(compgen -W \
      "$(_collectd_baseline_hosts "$1" "$(_collectd_baseline_socket)")" -- "$cur")
    ;;
  SETTING)
    compopt -o nospace 2>/dev/null
    [[ ${COMP_WORDS[COMP_CWORD - 2]} == --set* ]] ||
      _collectd_baseline_words "$(_collectd_baseline_settings "$1")"
    ;;
  NAME)
    [[ $2 != --incident ]] ||
      _collectd_baseline_words "$(_collectd_baseline_incidents "$1")"
    ;;
  esac
}

_collectd_baseline() {
  local command=$1 cur=${COMP_WORDS[COMP_CWORD]} option options kind
  local subcommand=${COMP_WORDS[1]}

  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _collectd_baseline_words \
      "$(_collectd_baseline_subcommands "$command")" --help --version
    return
  fi
  # Bash splits --option=value into three words.
  option=${COMP_WORDS[COMP_CWORD - 1]}
  [[ $option != = ]] || option=${COMP_WORDS[COMP_CWORD - 2]}
  if [[ $cur == = ]]; then
    cur=
  fi
  options=$(_collectd_baseline_options "$command" "$subcommand")
  kind=$(_collectd_baseline_kind "$option" <<<"$options")
  if [[ $option == -* && -n $kind ]]; then
    _collectd_baseline_value "$command" "$option" "$kind"
  elif [[ $cur != -* ]] && "$command" "$subcommand" --help 2>/dev/null |
    grep -qE ' \[?PATH\]?\.\.\.$'; then
    _collectd_baseline_files
  elif [[ $subcommand == silence && $cur != -* ]]; then
    _collectd_baseline_silenced "$command" "$options"
  else
    _collectd_baseline_words "$(awk '{ print $1; if ($2 != "-") print $2 }' \
      <<<"$options")"
  fi
}

# --- for other shells -------------------------------------------------------

# Adds what the help says of an option or a subcommand behind a tab.
_collectd_baseline_describe() { # COMMAND [SUBCOMMAND], words on standard input
  awk '
    NR == FNR {
      said = match($0, /[^ ]  +[^ ]/) ? substr($0, RSTART + RLENGTH - 1) : ""
      if ($0 ~ /^ +(-[A-Za-z], )?--[a-z]/ && $1 ~ /^-[A-Za-z],$/)
        about[substr($1, 1, 2)] = about[$2] = said
      else if ($0 ~ /^ +--[a-z]/ || $0 ~ /^  [a-z]/)
        about[$1] = said
      next
    }
    { print $0 (about[$0] != "" ? "\t" about[$0] : "") }
  ' <("$@" --help 2>/dev/null) -
}

# Prints what is offered for a line whose last word is being typed, a word a line;
# or only ":files:".
_collectd_baseline_offer() { # COMMAND WORD...
  local word is_file=

  COMP_WORDS=("$1")
  for word in "${@:2}"; do
    case $word in
    --*=?*) COMP_WORDS+=("${word%%=*}" "=" "${word#*=}") ;;
    --*=) COMP_WORDS+=("${word%=}" "=") ;;
    *) COMP_WORDS+=("$word") ;;
    esac
  done
  COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
  _collectd_baseline_files() { is_file=1; }
  _collectd_baseline "$1"
  if [[ -n $is_file ]]; then
    echo :files:
  elif ((COMP_CWORD == 1)); then
    printf '%s\n' "${COMPREPLY[@]}" | _collectd_baseline_describe "$1"
  elif ((${#COMPREPLY[@]} > 0)); then
    printf '%s\n' "${COMPREPLY[@]}" |
      _collectd_baseline_describe "$1" "${COMP_WORDS[1]}"
  fi
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  _collectd_baseline_offer "$@"
else
  complete -F _collectd_baseline collectd-baseline
fi
