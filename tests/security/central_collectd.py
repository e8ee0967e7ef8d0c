"""A central collectd of check_names, and the names that it is sent: those that are
to be refused, and those that are odd, each in a flood."""
import os
import pty
import select
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import network_values

TOP = Path(__file__).resolve().parent.parent.parent
REFUSED = [b"esc\x1b[2J\x1b]0;owned\x07", b"two\nlines", b"cr\rback", b"del\x7f", b"tab\there", b"c1\xc2\x9b31m", b"c1\x9b31m",
           b"n\n1795375646.5 web1", b"n\nSeverity: OKAY\nListener: 10.0.0.1:22"]
ODD = [b'q"uo\'te\\', b"$(touch trap)", b"`touch trap`", b";touch trap;", b"-n", b"--help", b"<b>&amp;<i>", b"a|b", b"%s%n%x",
       "höst€".encode(), b"latin-1 h\xf6st", b"..", b"a b", b"*", b"-rf", b"web1.", b"'", b"%0A", b"#", b"host"]
PLAIN = b"web1"
READINGS, INTERVAL_S = 70, 10
WATCHED_INTERVAL_S = 300  # a Watch learns for five hours
FLOODED = (65, 70)
PORT = 25826
LOAD_FAILURE = TOP / "tests" / "lab" / "load_failure"


class Central:
    """A collectd that receives, in a folder of its own; sent everything at once."""

    def __init__(self, build):
        self.build = build
        self.folder = Path(tempfile.mkdtemp(prefix="check_names.", dir="/tmp"))
        self.folder.chmod(0o777)
        self.socket = str(self.folder / "socket")
        self.syslog = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.syslog.bind(str(self.folder / "syslog"))
        (self.folder / "syslog").chmod(0o777)
        self.syslog_lines = []
        threading.Thread(target=self.read_syslog, daemon=True).start()
        self.program("incident_log", (TOP / "handlers" / "incident_log").read_text())
        # Several run at once: a line each, written in one go. One argument more or less shows.
        self.program("hook", f'#!/bin/sh\nprintf "%s|%s|%s|%s|\\n" "$@" "$INCIDENT_HOST" >>{self.folder}/calls\n')
        (self.folder / "conf").write_text(self.settings())
        self.start()
        self.send()
        self.await_judged()

    def program(self, name, source):
        (self.folder / name).write_text(source)
        (self.folder / name).chmod(0o755)

    def settings(self):
        plugin_dir = next(Path("/usr/lib").rglob("collectd/network.so")).parent
        return f"""Hostname "central"
FQDNLookup false
BaseDir "{self.folder}"
PIDFile "{self.folder}/pid"
Interval 1
WriteThreads 1
Timeout 1000
PluginDir "{plugin_dir}"
LoadPlugin logfile
<Plugin logfile>
  LogLevel "info"
  File "{self.folder}/log"
  PrintSeverity true
</Plugin>
LoadPlugin unixsock
<Plugin unixsock>
  SocketFile "{self.socket}"
</Plugin>
LoadPlugin network
<Plugin network>
  Listen "127.0.0.1" "{PORT}"
</Plugin>
LoadPlugin csv
<Plugin csv>
  DataDir "{self.folder}/csv"
  StoreRates false
</Plugin>
LoadPlugin exec
<Plugin exec>
  NotificationExec "nobody" "{self.folder}/incident_log" "--socket" "{self.folder}/syslog" "--any-host" "--hook" "{self.folder}/hook"
</Plugin>
PluginDir "{self.build}/.libs"
LoadPlugin baseline
<Plugin baseline>
  StateFile "state"
  WarmUp 60
  <Watch "probes">
    Plugin "probe"
  </Watch>
</Plugin>
"""

    def starts(self):
        log = self.folder / "log"
        return log.read_bytes().count(b"Initialization complete") if log.exists() else 0

    def start(self):
        before = self.starts()
        with open(self.folder / "out", "ab") as out:
            self.daemon = subprocess.Popen(["collectd", "-f", "-C", self.folder / "conf"], stdout=out, stderr=out)
        for _ in range(600):
            if self.starts() > before and os.path.exists(self.socket):
                return
            refused = subprocess.run([LOAD_FAILURE, self.folder / "out", self.folder / "log"],
                                     capture_output=True, text=True, check=False)
            if refused.returncode == 0:
                raise RuntimeError(refused.stdout.strip())
            time.sleep(0.1)
        raise RuntimeError("collectd did not start: " + (self.folder / "out").read_text(errors="replace"))

    def send(self):
        out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        end = time.time()
        for number in range(READINGS):
            now, watched = (end - (READINGS - number) * interval_s for interval_s in (INTERVAL_S, WATCHED_INTERVAL_S))
            flooded = FLOODED[0] <= number < FLOODED[1]
            for host in REFUSED + ODD + [PLAIN]:
                out.sendto(network_values.reading(host, now, INTERVAL_S, number, number - FLOODED[0] if flooded and host != PLAIN else None), ("127.0.0.1", PORT))
            for name in REFUSED + ODD:
                out.sendto(network_values.gauge("probed", watched, WATCHED_INTERVAL_S, "probe", name, name, 900 if flooded else 100 + number % 5),
                           ("127.0.0.1", PORT))
            time.sleep(0.05)

    def await_judged(self):
        for _ in range(600):
            if b"host = probed" in self.log() and self.run("check", "-H", "host").stdout.startswith(b"BASELINE CRITICAL"):
                return
            time.sleep(0.1)
        raise RuntimeError("no flood was noticed: " + self.log().decode(errors="replace")[-3000:])

    def log(self):
        return (self.folder / "log").read_bytes()

    def state(self):
        subprocess.run(["collectdctl", "-s", self.socket, "flush", "plugin=baseline"], check=True)
        return (self.folder / "state").read_bytes()

    def run(self, subcommand, *arguments):
        options = [] if subcommand in ("replay", "plot", "learn") else ["-s", self.socket]
        if subcommand == "explain":
            options += ["-C", self.folder / "conf"]
        return subprocess.run([self.build / "collectd-baseline", subcommand, *options, *arguments], cwd=self.folder,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)

    def watch(self, host, keys):
        """What watch writes to an xterm while the keys are pressed."""
        pid, terminal = pty.fork()
        if pid == 0:
            os.environ["TERM"] = "xterm"
            command = self.build / "collectd-baseline"
            os.execl(command, command, "watch", "-s", self.socket, "-H", host)
        screen = b""
        for key in keys:
            os.write(terminal, key)
            time.sleep(0.7)
            while select.select([terminal], [], [], 0.1)[0]:
                try:
                    screen += os.read(terminal, 65536)
                except OSError:  # it has left
                    break
        os.waitpid(pid, 0)
        return screen

    def read_syslog(self):
        while True:
            self.syslog_lines.append(self.syslog.recv(1 << 16))

    def handlers_run(self):
        """Whether a notification is still with its handler."""
        return subprocess.run(["pgrep", "-f", f"{self.folder}/incident_log --socket"],
                              stdout=subprocess.DEVNULL, check=False).returncode == 0

    def restart(self):
        self.daemon.terminate()
        self.daemon.wait(20)
        self.start()

    def end(self):
        self.daemon.terminate()
        self.daemon.wait(20)
        shutil.rmtree(self.folder)
