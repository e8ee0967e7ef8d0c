# shellcheck shell=bash
# A fresh system in a folder, made by debootstrap from this machine's own mirror,
# and what runs in it as on a machine of its own. Read by tests/fresh/run and
# tests/package/run, which set build: the base of each release and the packages
# that were fetched stay in BUILD/fresh/cache, so that no run fetches them twice;
# fresh and package each have packages of their own, for apt locks their folder.
PATH=$PATH:/usr/sbin:/sbin
cache=${build:?}/fresh/cache

# Sets suite, mirror and components: this machine's mirror, where it is of a kind
# that a fresh system can reach, too, with the release that is named (or its own).
find_mirror() { # [SUITE]
  local own
  # shellcheck source=/dev/null
  own=$(source /etc/os-release && echo "$ID ${VERSION_CODENAME:-}")
  distribution=${own% *} own=${own#* }
  suite=${1:-$own}
  [ -n "$suite" ] || {
    echo "/etc/os-release names no release" >&2
    return 1
  }
  mirror=$(indexes | awk '$1 ~ /^https?:/ { print $1; exit }')
  components=$(indexes | awk '{ print $2 }' | sort -u | paste -sd,)
  case $distribution in
  ubuntu) mirror=${mirror:-http://archive.ubuntu.com/ubuntu} components=main,universe ;;
  *) mirror=${mirror:-http://deb.debian.org/debian} ;;
  esac
  [ -n "${http_proxy:-}" ] ||
    eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
  [ -z "${http_proxy:-}" ] || export http_proxy
}

# Of this machine's release.
indexes() {
  # shellcheck disable=SC2016  # the fields are apt-get's
  apt-get indextargets --format '$(SITE) $(COMPONENT)' 'Created-By: Packages' \
    "Codename: $own" "Origin: ${distribution^}"
}

archives_of() { # FOLDER
  echo "$cache/$suite.$(basename "$(dirname "$1")")-archives"
}

# The release in a folder; the second who asks for its base waits for the first.
make_system() { # FOLDER LOG
  local root=$1 log=$2
  mkdir -p "$(archives_of "$root")" || return
  (
    flock 9
    [ -f "$cache/$suite.tar" ] || make_base
  ) 9>"$cache/$suite.lock" >"$log" 2>&1 || return
  rm -rf --one-file-system "$root"
  mkdir -p "$root"
  tar --numeric-owner -xpf "$cache/$suite.tar" -C "$root"
}

# A mount of debootstrap's ends with its namespace.
make_base() {
  local certificates=
  case $mirror in https:*) certificates=--include=ca-certificates ;; esac
  rm -rf --one-file-system "$cache/$suite.making"
  DPKG_FORCE=unsafe-io unshare --mount debootstrap --variant=minbase \
    --components="${components:-main}" ${certificates:+"$certificates"} \
    "$suite" "$cache/$suite.making" "$mirror" || return
  rm -f "$cache/$suite.making"/var/cache/apt/archives/*.deb
  echo force-unsafe-io >"$cache/$suite.making/etc/dpkg/dpkg.cfg.d/unsafe-io"
  tar --numeric-owner -cf "$cache/$suite.tar.part" -C "$cache/$suite.making" . &&
    mv "$cache/$suite.tar.part" "$cache/$suite.tar"
  rm -rf --one-file-system "$cache/$suite.making"
}

# Runs a command as the first process of a system, which ends with it: mounts,
# processes and a host name of its own; with --net no network but loopback. The
# old root is gone and not only out of sight, for a kernel refuses namespaces to
# whoever is confined to a folder.
in_system() { # FOLDER [--net] COMMAND...
  local root=$1 net=
  shift
  [ "$1" != --net ] || { net=--net; shift; }
  # shellcheck disable=SC2016  # for the shell in the namespaces
  unshare ${net:+"$net"} --pid --mount --uts --ipc --fork --kill-child bash -euc '
    root=$1 archives=$2 net=$3 path=$4 proxy=$5
    shift 5
    hostname fresh
    [ -z "$net" ] || ip link set lo up
    mount --bind "$root" "$root"
    cd "$root"
    mount --bind "$archives" var/cache/apt/archives
    mount -t proc proc proc
    mount -t sysfs -o ro sysfs sys
    mount -t devpts -o newinstance,ptmxmode=666 devpts dev/pts
    mkdir -p dev/shm dev/net old
    mount -t tmpfs tmpfs dev/shm
    [ -c dev/net/tun ] || mknod -m 666 dev/net/tun c 10 200
    pivot_root . old
    umount -l /old
    cd /root
    exec env -i PATH="$path" HOME=/root LC_ALL=C.UTF-8 \
      DEBIAN_FRONTEND=noninteractive ${proxy:+"http_proxy=$proxy"} "$@"' - \
    "$root" "$(archives_of "$root")" "$net" "$PATH" "${http_proxy:-}" "$@"
}
