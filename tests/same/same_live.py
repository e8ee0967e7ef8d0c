"""A simulated host's values through the real daemon: what the plugin baseline
logs, notifies, dispatches and saves. Its clock stands still at their end, and one
thread writes, so that nothing but the values counts."""

import os
import socket
import subprocess
import time
from functools import partial

from same_config import COLLECTD, STOCK, can_start, daemon_conf, wrapped
from same_history import SMALL
from same_usage import FIXTURES

CONF = f"""Interval 3600
WriteThreads 1
TypesDB "/usr/share/collectd/types.db"
PluginDir "{STOCK}"
LoadPlugin logfile
LoadPlugin unixsock
LoadPlugin csv
<Plugin logfile>
LogLevel info
File "stdout"
Timestamp false
</Plugin>
<Plugin unixsock>
SocketFile "s"
SocketGroup "root"
</Plugin>
<Plugin csv>
DataDir "csv"
</Plugin>
"""


def connected(path, process):
    for _ in range(300):
        talk = socket.socket(socket.AF_UNIX)
        try:
            talk.connect(str(path))
            return talk.makefile("rwb")
        except OSError:
            talk.close()
            time.sleep(0.1)
            if process.poll() is not None:
                break
    raise RuntimeError("collectd does not start")


def tell(talk, lines):
    """One after the other in pieces; returns the last answer."""
    for at in range(0, len(lines), 40):
        some = lines[at:at + 40]
        talk.write("".join(f"{line}\n" for line in some).encode())
        talk.flush()
        answers = [talk.readline() for _ in some]
    return answers[-1]


def values(rows):
    heads = rows[0].split(",")
    for row in rows[1:]:
        now, *cells = row.split(",")
        yield [f'PUTVAL "{head}" interval=10 {now}:{cell}'
               for head, cell in zip(heads[1:], cells) if cell]


def await_judged(talk, last_s):
    """Until the last reading is judged and nothing waits any more."""
    before = set()
    for _ in range(120):
        talk.write(b"LISTVAL\n")
        talk.flush()
        lines = {talk.readline()
                 for _ in range(int(talk.readline().split()[0]))}
        judged = [float(line.split()[0]) for line in lines
                  if b"/baseline-" in line and b"severity" in line]
        if lines == before and judged and min(judged) >= last_s - 0.5:
            return
        before = lines
        time.sleep(0.5)
    raise RuntimeError("the last reading is not judged")


def live(environment, rows, options, build, scene):
    head = daemon_conf(scene, build, ["baseline"])
    (scene / "conf").write_text(head + CONF + wrapped("baseline", options))
    with subprocess.Popen(["unshare", "-n", COLLECTD, "-f", "-C", "conf"],
                          cwd=scene, env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        try:
            talk = connected(scene / "s", process)
            for reading in values(rows):
                tell(talk, reading)
            if len(rows) > 1:
                await_judged(talk, float(rows[-1].split(",")[0]))
            tell(talk, ["FLUSH plugin=baseline"])
        finally:
            process.terminate()
        out, err = process.communicate(timeout=60)
    for name in "conf", "plugins/baseline.so":
        (scene / name).unlink()
    return process.returncode, {"stdout": out, "stderr": err}


def histories(pair):
    csv, clock = pair.simulate("live", SMALL)
    rows = csv.read_text().splitlines()
    left = pair.compare("a flood in the daemon", partial(
        live, pair.environment(clock + 5), rows, 'StateFile "state"'), {},
        status=0)
    if b"syn_flood" not in left["stdout"] or "state" not in left:
        raise RuntimeError(f"no flood, or nothing saved: {list(left)}")
    state = (FIXTURES / "simulated").read_bytes()
    pair.compare("a saved state in the daemon", partial(
        live, pair.environment(1768107010), rows[:1], 'StateFile "state"'),
        {"state": state}, status=0)


def in_daemon(pair):
    if can_start(pair):
        yield histories
