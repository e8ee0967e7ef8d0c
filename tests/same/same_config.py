"""Every key of both plugins' blocks with values that it does not take, through
`replay --config` and through the real daemon, which reads its configuration and
starts in vain. The keys are those of the files in collectd.conf.d, which other
tests hold to be whole."""

import os
import re
import shutil
import subprocess
from functools import partial
from pathlib import Path

from same_history import HALF_OPEN
from same_pair import SOME_TIME
from same_usage import FIXTURES

SNIPPETS = Path(__file__).resolve().parents[2] / "collectd.conf.d"
COLLECTD = "/usr/sbin/collectd"
STOCK = next(filter(os.path.isdir, ["/usr/lib/collectd", "/usr/lib64/collectd"]),
             "")
IN_ONE_START = 40
TWO_NAMES = re.compile(r'<\w+ "\S*" "')  # collectd's own parser refuses this
VALUES = ["maybe", "true", "yes", "-1", "0", "1", "2.5", "1e99", "99999999", "nan",
          "0x10", '""', '"x y"', '"1 "', '"-"', "1 2", "10.0.0.1", '"a/b"',
          '"[::1]"', '"' + 5000 * "x" + '"']
CSV = b"time,web1/" + HALF_OPEN.encode() + b"\n1700000000,3\n"
EXTRA = {"tcpstates": 65 * "LocalPort {}\n", "baseline": ""}


def uncommented(name):
    lines = (SNIPPETS / f"{name}.conf").read_text().splitlines()
    lines = [re.sub(r"^(\s*)#(?! \S)", r"\1", line) for line in lines]
    return "\n".join(lines) + "\n"


def keys(name):
    """Yields (what opens the inner block or "", key, value as it is there)."""
    inner = ""
    for line in uncommented(name).splitlines():
        line = line.split(" # ")[0].split("  #")[0].strip()
        if line.startswith("</"):
            inner = ""
        elif line.startswith("<") and not line.startswith("<Plugin"):
            inner = line
        elif line and not line.startswith(("<", "#", "LoadPlugin")):
            yield (inner, *line.split(None, 1))


def inside(inner, text):
    if not inner:
        return text
    return f"{inner}\n{text}\n</{re.match('<(.[a-zA-Z]*)', inner)[1]}>"


def bad_blocks(name):
    """What stands in <Plugin NAME>: one text for each mistake."""
    inners = {""}
    for inner, key, good in keys(name):
        inners.add(inner)
        for value in VALUES:
            yield inside(inner, f"{key} {value}")
        for text in (f"{key.upper()} {good}\n{key.lower()} {good}\n{key} 1 2 3",
                     f"<{key}>\nX 1\n</{key}>", f"<{key} {good}>\nX 1\n</{key}>",
                     f"{key}s {good}", f"{key} {good} {good}"):
            yield inside(inner, text)
    for inner in sorted(inners):
        yield inside(inner, "Bogus 1")
        yield inside(inner, "<Bogus>\nX 1\n</Bogus>")
    for head in ("Incident", 'Incident "x"', "Incident 1", "Incident true",
                 'Incident "syn_flood" "x"', "Watch", 'Watch ""', "Watch 1",
                 'Watch "a" "b"', f'Watch "{300 * "x"}"', 'Watch "syn_flood"'):
        yield inside(f"<{head}>", 'Enable true\nType "x"')
    yield "\n".join(f"LocalPort {port}" for port in range(1, 67))
    yield 'CompletionWarning 10\n<Incident "syn_flood">\nCompletionWarning 10\n' \
        "CompletionFailure 60\n</Incident>"
    yield '<Watch "twice">\nType "x"\n</Watch>\n<Watch "twice">\nType 1\n</Watch>'
    yield '<Incident "syn_flood">\nCompletionWarning 10\nCompletionFailure 60\n' \
        "</Incident>\nBogus 1"


def wrapped(name, text):
    return f"<Plugin {name}>\n{text}\n</Plugin>\n"


def by_command(texts, pair):
    for text in texts:
        pair.run(f"replay --config: {text[:80]!r}",
                 ["replay", "--config", "conf", "h.csv"],
                 files={"conf": wrapped("baseline", text).encode(),
                        "h.csv": CSV})


def daemon_conf(scene, build, names):
    """The plugins of the build, copied, and the head of a configuration."""
    folder = scene / "plugins"
    folder.mkdir(exist_ok=True)
    for name in names:
        shutil.copy(build / f".libs/{name}.so", folder)
    loads = "".join(f"LoadPlugin {name}\n" for name in names)
    return (f'BaseDir "{scene}"\nPIDFile "{scene}/pid"\nHostname "h"\n'
            f'FQDNLookup false\nPluginDir "{folder}"\n{loads}')


def start(environment, text, names, build, scene):
    """`collectd -T` reads once and ends, in a network namespace of its own."""
    head = daemon_conf(scene, build, names)
    (scene / "conf").write_text(head + text)
    done = subprocess.run(
        ["unshare", "-n", COLLECTD, "-T", "-C", "conf"], cwd=scene,
        env=environment, capture_output=True, timeout=60, check=False)
    (scene / "conf").unlink()
    shutil.rmtree(scene / "plugins")
    return done.returncode, {"stdout": done.stdout, "stderr": done.stderr}


def by_daemon(pair):
    started = partial(start, pair.environment(SOME_TIME))
    for name in "tcpstates", "baseline":
        texts = [wrapped(name, text) for text in bad_blocks(name)
                 if not TWO_NAMES.match(text)]
        for at in range(0, len(texts), IN_ONE_START):
            some = "".join(texts[at:at + IN_ONE_START])
            left = pair.compare(f"collectd -T: {name} from {at}", partial(
                started, some, [name]), {}, status=1)
            if left["stderr"].count(name.encode() + b": ") < 10:
                raise RuntimeError(f"collectd complains little: {left}")
    both = ["tcpstates", "baseline"]
    for text in uncommented("tcpstates") + uncommented("baseline"), "", \
            "<Plugin tcpstates>\n</Plugin>\n<Plugin baseline>\n</Plugin>\n":
        text = text.replace("LoadPlugin", "#")
        pair.compare("collectd -T: the snippets", partial(started, text, both),
                     {}, status=0)
    for state in "simulated", "daemon":
        goes_on(pair, (FIXTURES / state).read_bytes())


def goes_on(pair, state):
    """The daemon takes in a saved state."""
    saved_s = int(float(re.search(rb"# saved (\S+)", state)[1]))
    text = wrapped("baseline", 'StateFile "state"')
    left = pair.compare(f"collectd -T: the state of {saved_s}", partial(
        start, pair.environment(saved_s + 5), text, ["baseline"]),
        {"state": state}, status=0)
    if b"baseline: loaded " not in left["stderr"]:
        raise RuntimeError(f"the state is not taken in: {left}")


def config(pair):
    texts = list(bad_blocks("baseline"))
    for at in range(0, len(texts), 100):
        yield partial(by_command, texts[at:at + 100])
    if can_start(pair):
        yield by_daemon


def can_start(pair):
    if os.geteuid() == 0 and os.access(COLLECTD, os.X_OK):
        return True
    pair.skip("the real daemon: this is not root, or there is no collectd")
    return False
