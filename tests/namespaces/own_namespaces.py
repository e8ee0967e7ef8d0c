"""Network namespaces of the test's own, and what listens, connects and floods in
them. Nothing in them has a way out: each has its loopback and no more."""
import ctypes
import fcntl
import os
import socket
import struct
import subprocess
import threading
import time

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
MS_BIND, MNT_DETACH = 0x1000, 2
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
PORT = 80
BACKLOG = 128


def must(result):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def bring_loopback_up():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sH14x", b"lo", 0)
        flags = struct.unpack("16sH14x", fcntl.ioctl(control, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(control, SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))


class Home:
    """The calling thread comes back to the namespace that it was in."""

    def __enter__(self):
        self.file = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)

    def __exit__(self, *_):
        must(LIBC.setns(self.file, CLONE_NEWNET))
        os.close(self.file)


class Namespace:
    """One with a name in /run/netns and a listening socket, as a server has."""

    def __init__(self, name):
        self.name = name
        self.path = f"/run/netns/{name}"
        self.listener = None
        self.kept = []  # the other ends of connections
        os.close(os.open(self.path, os.O_CREAT | os.O_EXCL))
        with Home():
            must(LIBC.unshare(CLONE_NEWNET))
            must(LIBC.mount(b"/proc/thread-self/ns/net", self.path.encode(), None, MS_BIND, None))
            bring_loopback_up()
            self.listen()

    def listen(self):
        self.listener = socket.socket()
        self.listener.bind(("0.0.0.0", PORT))
        self.listener.listen(BACKLOG)

    def enter(self):
        """For the calling thread, which is in Home()."""
        file = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        must(LIBC.setns(file, CLONE_NEWNET))
        os.close(file)

    def connect(self, times=1, keep=False):
        """Real connections to its server, each accepted."""
        with Home():
            self.enter()
            for _ in range(times):
                client = socket.create_connection(("127.0.0.1", PORT))
                server = self.listener.accept()[0]
                if keep:
                    self.kept += [client, server]
                else:
                    client.close()
                    server.close()

    def delete(self):
        for one in self.kept + [self.listener]:
            one.close()
        self.kept = []
        must(LIBC.umount2(self.path.encode(), MNT_DETACH))
        os.unlink(self.path)

    def flood(self, build, rate, seconds):
        """SYNs from invented sources to its server; the answers go back to the
        loopback, where nobody takes them."""
        self.run("ip", "route", "replace", "10.99.0.0/16", "dev", "lo")
        self.run("sh", "-c", "echo 1 >/proc/sys/net/ipv4/tcp_synack_retries")
        return self.flood_to(build, "127.0.0.1", rate, seconds)

    def flood_to(self, build, address, rate, seconds):
        """The sender, which runs in this namespace and ends after the seconds."""
        return subprocess.Popen(
            ["nsenter", f"--net={self.path}", f"{build}/tests/sockets/syn_sender", "--to", address, "--port", str(PORT),
             "--rate", str(rate), "--seconds", str(seconds), "--from", "10.99.0.0/16"], stdout=subprocess.DEVNULL)

    def run(self, *command):
        subprocess.run(["nsenter", f"--net={self.path}", *command], check=True)


class Visitors(threading.Thread):
    """Ordinary life: a few connections a second in each of some namespaces."""

    def __init__(self, namespaces, each=2):
        super().__init__(daemon=True)
        self.namespaces, self.each = namespaces, each
        self.ended = threading.Event()

    def run(self):
        while not self.ended.wait(1):
            for namespace in self.namespaces:
                namespace.connect(self.each)

    def end(self):
        self.ended.set()
        self.join()


def wait_until(condition, seconds):
    """Whether it came true in time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True
