"""Containers with nginx inside, made of the machine's own nginx and the libraries it
needs. A veth joins each to the test's namespace, where nobody answers for the
sources of a flood."""
import json
import shutil
import subprocess
import urllib.request
from pathlib import Path

from own_namespaces import Home

NGINX = "/usr/sbin/nginx"
TEMPORARY = "\n".join(f"  {kind}_temp_path /tmp/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
SETTINGS = f"""daemon off;
user root;
pid /run/nginx.pid;
error_log stderr;
events {{ }}
http {{
  access_log off;
{TEMPORARY}
  server {{
    listen 80 backlog=128;
    location / {{ return 200 "container\\n"; }}
  }}
}}
"""


def run(*command):
    """Its output; a failure carries what it said."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[:4])}: {(done.stderr or done.stdout).strip()[-300:]}")
    return done.stdout


def libraries(files):
    return sorted({word for file in files for line in run("ldd", str(file)).splitlines()
                   for word in line.split() if word.startswith("/")})


def make_root(folder, programs, others=()):
    """A container's files: programs and plugins, the libraries that they need, and
    others as they are."""
    for name in ("etc", "run", "tmp", "proc", "sys", "dev", "var/log"):
        (folder / name).mkdir(parents=True)
    subprocess.run(["cp", "-L", "--parents", *programs, *libraries(programs), *others, folder], check=True)
    (folder / "etc/passwd").write_text("root:x:0:0:root:/:/usr/sbin/nologin\n")
    (folder / "etc/group").write_text("root:x:0:\n")


class Container:
    """A kind says in start() how it is started, returns its process's number and
    has `shown`, the name that is expected. outside: the Namespace that it is
    joined to, which answers for nobody."""
    made = joined = 0

    def __init__(self, outside):
        Container.made += 1
        self.folder = Path("/run/containers-of-the-test", str(Container.made))
        self.outside = outside
        make_root(self.folder / "root", [NGINX])
        (self.folder / "root/etc/nginx.conf").write_text(SETTINGS)
        self.pid = self.start()
        self.join_network()

    def join_network(self):
        Container.joined += 1
        here, self.address = f"10.77.{Container.joined}.1", f"10.77.{Container.joined}.2"
        device = f"veth{Container.joined}"
        run("ip", "link", "add", device, "netns", self.outside.name, "type", "veth", "peer", "name", "eth0", "netns",
            str(self.pid))
        self.outside.run("ip", "address", "add", here + "/24", "dev", device)
        self.outside.run("ip", "link", "set", device, "up")
        for command in (f"address add {self.address}/24 dev eth0", "link set eth0 up", f"route add default via {here}"):
            self.inside("ip", *command.split())
        self.inside("sh", "-c", "echo 1 >/proc/sys/net/ipv4/tcp_synack_retries")

    def inside(self, *command):
        """With its network, not its files."""
        return run("nsenter", f"--net=/proc/{self.pid}/ns/net", *command)

    def connect(self):
        """nginx's answer."""
        with Home():
            self.outside.enter()
            with urllib.request.urlopen(f"http://{self.address}/", timeout=5) as answer:
                return answer.read().decode()

    def flood(self, build, rate, seconds):
        """By sources that nobody answers for; syn_sender's exit status."""
        return self.outside.flood_to(build, self.address, rate, seconds).wait()

    def files(self):
        return sorted((str(path), path.lstat().st_mtime) for path in (self.folder / "root").rglob("*"))

    def restart(self):
        self.remove()
        self.pid = self.start()
        self.join_network()


class Podman(Container):
    options = ("--cgroup-manager=cgroupfs", "--runtime=runc")
    shown = "shop-web"

    def start(self):
        run("podman", *self.options, "run", "-d", "--name", self.shown, "--network=none", "--rootfs",
            str(self.folder / "root"), NGINX, "-c", "/etc/nginx.conf")
        return int(run("podman", *self.options, "inspect", "--format", "{{.State.Pid}}", self.shown))

    def remove(self):
        run("podman", *self.options, "rm", "--force", "--time", "1", self.shown)


class Runc(Container):
    """As a runtime calls it, in a control group that has the container's id."""
    id = "c0ffee0123456789" * 4
    shown = id[:12]

    def start(self):
        bundle = str(self.folder)
        if not (self.folder / "config.json").exists():
            run("runc", "spec", "--bundle", bundle)
        settings = json.loads((self.folder / "config.json").read_text())
        settings["process"]["terminal"] = False
        settings["process"]["args"] = [NGINX, "-c", "/etc/nginx.conf"]
        settings["root"] = {"path": "root", "readonly": False}
        settings["linux"]["cgroupsPath"] = f"/collectd-check/{self.id}"
        kinds = settings["process"]["capabilities"]
        for kind in ("bounding", "effective", "permitted"):
            kinds[kind] = kinds.get(kind, []) + ["CAP_SETUID", "CAP_SETGID", "CAP_CHOWN", "CAP_DAC_OVERRIDE"]
        (self.folder / "config.json").write_text(json.dumps(settings))
        with open(self.folder / "said", "w") as said:
            subprocess.run(["runc", "run", "--detach", "--bundle", bundle, self.id], stdin=subprocess.DEVNULL,
                           stdout=said, stderr=said, timeout=60, check=True)
        return json.loads(run("runc", "state", self.id))["pid"]

    def remove(self):
        run("runc", "delete", "--force", self.id)


def why_not(kind, outside):
    """Why this machine cannot run one, or None; said by the runtime itself."""
    program = kind.__name__.lower()
    for needed in (program, "runc", NGINX):
        if shutil.which(needed) is None:
            return f"{needed} is not installed"
    try:
        kind(outside).remove()
    except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
        return str(error)
    return None
