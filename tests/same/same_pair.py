"""Two builds run in the same folder, one after the other, with the same clock;
what they leave is compared byte by byte.

Nothing has to be made alike afterwards: the folder, the program's name (argv[0]),
the environment and, by a small library of ours that is loaded before all others,
the wall clock are the same for both. Only what LEFT_OUT and PROCESS match cannot
be the same.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

COMMAND = "collectd-baseline"
LIMIT_S = 300
SHOWN_LINES = 16
SOME_TIME = 1790000000  # 2026-09-21 14:13:20

# The wall clock stands still at SAME_CLOCK; all other clocks go on.
CLOCK = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t clock, struct timespec *out) {
  const char *fixed = getenv("SAME_CLOCK");
  int (*real)(clockid_t, struct timespec *);
  if (fixed && clock == CLOCK_REALTIME) {
    *out = (struct timespec){.tv_sec = atol(fixed)};
    return 0;
  }
  *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
  return real(clock, out);
}
time_t time(time_t *out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out)
    *out = now.tv_sec;
  return now.tv_sec;
}
"""

# Left out: what collectd itself says when it ends before its threads took all
# values, in some runs and not in others.
LEFT_OUT = re.compile(rb"(?m)^.*plugin: \d+ value lists? (was|were) left .*\n")
# And the number of a process: learn names the collectd that runs.
PROCESS = re.compile(rb"\(process \d+\)")


class Pair:
    """OLD and NEW, and how they compared so far."""

    def __init__(self, old, new, meant):
        self.builds = Path(old).resolve(), Path(new).resolve()
        self.work = Path(tempfile.mkdtemp(prefix="same."))
        self.work.chmod(0o755)
        self.meant = meant
        self.has_rules = any(line.strip() and not line.startswith("#")
                             for line in meant.read_text().splitlines())
        self.lock = threading.Lock()
        self.passed = self.failed = self.skipped = 0
        self.clock = self.work / "clock.so"
        source = self.work / "clock.c"
        source.write_text(CLOCK)
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", self.clock,
                        source, "-ldl"], check=True)

    def close(self):
        shutil.rmtree(self.work)

    def environment(self, clock, more=None):
        return {"PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C.UTF-8",
                "HOME": "/nonexistent", "TERM": "dumb",
                "LD_PRELOAD": str(self.clock), "SAME_CLOCK": str(clock),
                **(more or {})}

    def run(self, name, arguments, *, clock=SOME_TIME, files=None, stdin=b"",
            status=None, serve=None, env=None):
        """One call of the command by both builds. files: what lies in its
        folder, NAME: bytes or a path to link to; stdin: bytes or a path;
        status: what has to come of it, for else the case shows nothing; serve:
        makes what stands behind the socket "s" there. Returns what OLD left:
        {"status": b"...", "stdout": ..., "stderr": ..., NAME: ...}."""
        def once(build, scene):
            server = serve(scene / "s") if serve else None
            with open(stdin, "rb") if isinstance(stdin, Path) else \
                    tempfile.TemporaryFile() as source:
                if not isinstance(stdin, Path):
                    source.write(stdin)
                    source.seek(0)
                done = subprocess.run(
                    [COMMAND, *arguments], executable=build / COMMAND,
                    cwd=scene, env=self.environment(clock, env), stdin=source,
                    capture_output=True, timeout=LIMIT_S, check=False)
            if server:
                server.close()
            return done.returncode, {"stdout": done.stdout,
                                     "stderr": done.stderr}
        return self.compare(name, once, files or {}, status)

    def compare(self, name, once, files, status=None):
        """once(build, scene) runs one of them and returns (status, {...})."""
        scene = Path(tempfile.mkdtemp(prefix="", dir=self.work))
        left = []
        for build in self.builds:
            lay_out(scene, files)
            try:
                code, printed = once(build, scene)
            except subprocess.TimeoutExpired:
                code, printed = -signal.SIGALRM, {}
            left.append({"status": b"%d" % code, **printed,
                         **written(scene, files)})
            shutil.rmtree(scene)
            scene.mkdir()
        scene.rmdir()
        wrong = self.judge(left, status)
        with self.lock:
            self.passed += not wrong
            self.failed += bool(wrong)
            if wrong:
                print(f"FAILED: {name}\n{wrong}", flush=True)
        return left[0]

    def judge(self, left, status):
        """Returns what is wrong, or an empty text."""
        old, new = (transcript(result) for result in left)
        if self.has_rules and old != new:
            old, new = self.as_meant(folded(old)), folded(new)
        if old != new:
            return self.difference(old, new)
        code = int(left[0]["status"])
        if code < 0 or (status is not None and code != status):
            said = left[0].get("stderr", b"").decode(errors="replace")
            return f"  both end with {code}, so this shows nothing: {said}"
        return ""

    def as_meant(self, text):
        return subprocess.run(["sed", "-E", "-f", self.meant], input=text,
                              env={**os.environ, "LC_ALL": "C"},
                              capture_output=True, check=True).stdout

    def difference(self, old, new):
        with tempfile.TemporaryDirectory(dir=self.work) as folder:
            for name, text in ("old", old), ("new", new):
                if self.has_rules:
                    text = re.sub(rb"(?<=[.:;,]) ", b"\n", text) + b"\n"
                Path(folder, name).write_bytes(text)
            lines = subprocess.run(
                ["diff", "-a", "-U1", "old", "new"], cwd=folder, check=False,
                capture_output=True).stdout.decode(errors="replace")
        shown = [line[:240] for line in lines.splitlines()[2:]]
        if len(shown) > SHOWN_LINES:
            shown[SHOWN_LINES:] = [f"... {len(shown) - SHOWN_LINES} more lines"]
        return "\n".join(
            "  " + "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}"
                           for sign in line) for line in shown)

    def skip(self, why):
        with self.lock:
            self.skipped += 1
            print(f"SKIPPED: {why}", flush=True)

    def simulate(self, name, arguments):
        """A simulated history, made by NEW's simulator. Returns its path and the
        time of its last row."""
        handle, path = tempfile.mkstemp(".csv", f"{name}.", self.work)
        with open(handle, "wb") as out:
            subprocess.run([self.builds[1] / "tests/replay/simulate",
                            *arguments], stdout=out, check=True)
        with open(path, "rb") as file:
            file.seek(-2000, os.SEEK_END)
            last = file.read().splitlines()[-1]
        return Path(path), int(float(last.split(b",")[0]))


def lay_out(scene, files):
    for name, content in files.items():
        path = scene / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.symlink_to(content)


def written(scene, files):
    """What is new in the folder, or is no longer what was laid there."""
    found = {}
    for path in sorted(scene.rglob("*")):
        name = str(path.relative_to(scene))
        if path.is_file() and not path.is_symlink():
            content = path.read_bytes()
            if content != files.get(name):
                found[name] = content
    return found


def folded(text):
    """Words apart by one blank: a text that says something else is broken into
    other lines."""
    return re.sub(rb"\s+", b" ", text)


def transcript(result):
    parts = (b"--- %s\n%s\n" % (name.encode(), content)
             for name, content in result.items())
    return PROCESS.sub(b"(process N)", LEFT_OUT.sub(b"", b"".join(parts)))
