"""Recorded values: scenarios, simulated months and incidents, and hostile ones,
through replay, learn, plot and explain. Each function yields batches, which may
run side by side; a batch takes the Pair."""

import gzip
import sys
from functools import partial
from pathlib import Path

from same_odd import damaged, sealed

TESTS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "replay"))
from replay_scenario import load, paths  # noqa: E402

MONTHS = [("idle", "month"), ("quiet", "soak"), ("medium", "month"),
          ("busy", "soak"), ("mobile", "month"), ("keepalive", "soak")]
DAYS = [("medium", name) for name in
        ("first48", "shift", "roundtrip", "floods", "beyond", "resets", "pulses",
         "first", "leak", "stall", "outbound", "again", "pulsed",
         "pulsed-cookies", "scans", "beside", "growth")]
SMALL = ["--class", "medium", "--seed", "15", "--days", "0.06", "--event",
         "flood:start=1800,duration=900,share=40", "--host", "web1"]
HALF_OPEN = "tcpstates-all/tcp_connections-SYN_RECV"


def block(lines):
    return "\n".join(["<Plugin baseline>", *lines, "</Plugin>", ""]).encode()


def explained(pair, name, files, clock, more=()):
    """A state, as text and as JSON, in short and in full."""
    for options in [], ["--json"], ["--incident", "syn_flood"], *more:
        pair.run(f"{name}: explain {' '.join(options)}",
                 ["explain", "--state", "state", "-C", "conf", *options],
                 files=files, clock=clock)


def judged(name, arguments, config, drawn, pair):
    """One simulated history: all that the command makes of it."""
    csv, clock = pair.simulate(name[:30], arguments)
    files = {"host.csv": csv, "conf": block(config)}
    call = partial(pair.run, files=files, clock=clock + 10)
    settings = ["-C", "conf"]
    call(f"{name}: replay", ["replay", *settings, "host.csv"], status=0)
    call(f"{name}: replay --json", ["replay", "--json", *settings, "host.csv"],
         status=0)
    left = call(f"{name}: learn", ["learn", "--from", "host.csv", "--state",
                                   "state", *settings])
    if "state" in left:
        explained(pair, name, {"state": left["state"], "conf": files["conf"]},
                  clock + 10)
    if drawn:
        call(f"{name}: plot", ["plot", "--from", "host.csv", *settings, "-o",
                               "picture.svg"], status=0)
        call(f"{name}: scores", ["replay", "--scores", HALF_OPEN, *settings,
                                 "host.csv"], status=0)
    csv.unlink()


def scenarios():
    for number, path in enumerate(paths(str(TESTS / "replay"))):
        spec, config, _ = load(path)
        yield partial(judged, spec.name, spec.arguments, config, number % 5 == 0)


def months():
    for seed, (kind, profile) in enumerate(MONTHS + DAYS, 150):
        yield partial(judged, f"{kind} {profile}",
                      ["--class", kind, "--profile", profile, "--seed",
                       str(seed)], ["<Incident state_shift>", "Enable true",
                                    "</Incident>"], seed % 4 == 0)


# --- hostile ------------------------------------------------------------------


def taken(pair, name, files, path, stdin=b"", config=()):
    """A history that may be refused: by each that reads one."""
    for arguments in (["replay", path], ["replay", "--json", "--skip-bad", path],
                      ["replay", "--strict-times", "--interval", "5", path],
                      ["learn", "--skip-bad", "--from", path, "--state", "state",
                       "--since", "1700000000"]):
        pair.run(f"{name}: {' '.join(arguments)}", [*arguments, *config],
                 files=files, stdin=stdin)


def inputs(kind):
    folder = TESTS / "fuzz/inputs" / kind
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def odd_histories(pair):
    for name, text in inputs("history_csv").items():
        taken(pair, name, {"h.csv": text}, "h.csv")
        taken(pair, name, {}, "-", text)
        pair.run(f"{name}: plot", ["plot", "--from", "h.csv", "-o", "x.svg"],
                 files={"h.csv": text})
    csv, _ = pair.simulate("small", SMALL)
    text = csv.read_bytes()
    lines = text.splitlines(keepends=True)
    head = text[:200 * len(lines[1])]
    for number, copy in enumerate(damaged(head, 50)):
        taken(pair, f"damaged history {number}", {"h.csv": copy}, "h.csv")
    for number, copy in enumerate(damaged(lines[0], 30)):
        taken(pair, f"damaged head {number}",
              {"h.csv": copy + b"".join(lines[1:20])}, "h.csv")


def odd_sources(pair):
    """The same values as gzip, as folders of the plugin csv, several at once."""
    csv, _ = pair.simulate("sources", SMALL)
    text = csv.read_bytes()
    rows = [line.split(b",") for line in text.splitlines()]
    files = {}
    for column, head in enumerate(rows[0]):
        if column:
            name = head.decode().split(":")[0] + "-2026-09-21"
            files["folder/" + name] = b"epoch,value\n" + b"".join(
                row[0] + b"," + (row[column] or b"nan") + b"\n"
                for row in rows[1:])
    taken(pair, "a folder", files, "folder")
    taken(pair, "a host's folder", files, "folder/web1")
    taken(pair, "gzip", {"h.csv": gzip.compress(text, mtime=0)}, "h.csv")
    taken(pair, "half a gzip", {"h.csv": gzip.compress(text)[:5000]}, "h.csv")
    other = text.replace(b"web1/", b"web2/")
    taken(pair, "two files", {"a.csv": text, "b.csv": other}, "a.csv",
          config=["b.csv"])
    for path in "absent.csv", "", ".", "/dev/null", "h.rrd", "h.txt":
        taken(pair, f"path {path!r}", {"h.rrd": b"RRD\0 0003", "h.txt": text},
              path)
    watch = [b'<Watch "any">\nHost "*"\nPlugin "*"\nType "*"\n</Watch>']
    conf = {"conf": b"<Plugin baseline>\n" + watch[0] + b"\n</Plugin>\n"}
    taken(pair, "everything watched", {"h.csv": text, **conf}, "h.csv",
          config=["-C", "conf"])
    for path in inputs("history_rrd"):
        taken(pair, path, {"w/tcpstates-all/x.rrd": inputs("history_rrd")[path]},
              "w/tcpstates-all/x.rrd")


def odd_states(pair):
    states = {f"fuzz {name}": text for name, text in inputs("state_text").items()}
    fixtures = TESTS / "fixtures/state-1.0.0"
    whole = [(fixtures / name).read_bytes() for name in ("simulated", "daemon")]
    states |= dict(zip(("simulated 1.0.0", "daemon 1.0.0"), whole))
    for text in whole:
        for number, copy in enumerate(damaged(text, 40)):
            states[f"damaged {len(text)} {number}"] = copy
            states[f"damaged and sealed {len(text)} {number}"] = sealed(copy)
    for name, text in states.items():
        hosts = {line.split()[1].decode(errors="replace")
                 for line in text.splitlines()
                 if line.startswith(b"host ") and len(line.split()) > 1}
        more = [["--host", host] for host in sorted(hosts) if "\0" not in host]
        more += [["--host", host, "--json"] for host in sorted(hosts)
                 if "\0" not in host and len(more) < 6]
        explained(pair, name, {"state": text, "conf": block([])}, 1768107010,
                  more)


def odd_settings(pair):
    texts = {name: text.replace(b"/etc/collectd/collectd.conf.d", b"more")
             for name, text in inputs("settings_text").items()}
    whole = texts["whole.conf"]
    texts |= {f"damaged settings {number}": copy
              for number, copy in enumerate(damaged(whole, 60))}
    csv = b"time,web1/" + HALF_OPEN.encode() + b"\n1700000000,3\n"
    for name, text in texts.items():
        pair.run(name, ["replay", "-C", "conf", "h.csv"],
                 files={"conf": text, "more/a.conf": b"", "h.csv": csv})
    include = b'<Include "more/*.conf">\nFilter "*.conf"\n</Include>\n'
    for name, text in ("nothing", b""), ("bad", b"<Plugin baseline>\nX 1\n"), \
            ("itself", b'Include "conf"\n'), ("good", b"WarmUp 1\n"):
        for form in include, b'Include "more"\n', b'Include "more/a.conf"\n':
            pair.run(f"an Include of {name}", ["replay", "-C", "conf", "h.csv"],
                     files={"conf": form, "more/a.conf": text, "h.csv": csv})


def hostile():
    return [odd_histories, odd_sources, odd_states, odd_settings]
