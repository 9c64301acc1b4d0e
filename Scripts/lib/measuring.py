"""What the measurements share: a HAProxy with many servers, a program in a terminal of its own, and what stands
between the two and knows when a reply was complete."""

import fcntl
import os
import pty
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def mapped_files():
    with open("/proc/self/maps") as file:
        return {path for line in file if (path := file_of(line)).startswith("/")}


def file_of(mapping):
    fields = mapping.split(None, 5)
    return fields[5].rstrip("\n") if len(fields) > 5 else ""


class Proxy:
    """One HAProxy with `count` servers, and a client that asks it `rate` times a second.

    With `like`, the servers are those of that other one, so that both balance the same.
    """

    def __init__(self, directory, count, rate, name="haproxy", like=None):
        self.socket = f"{directory}/{name}-{count}.sock"
        entry = free_port()
        self.back = like.back if like else free_port()
        servers = "\n".join(
            f"  server s{i:05} 127.{1 + (i >> 16)}.{i >> 8 & 255}.{i & 255}:{self.back}" for i in range(1, count + 1)
        )
        path = f"{directory}/{name}-{count}.cfg"
        with open(path, "w") as file:
            file.write(
                f"""global
  stats socket {self.socket} level admin
  maxconn 500
defaults
  mode http
  timeout connect 2s
  timeout client 10s
  timeout server 10s
frontend www
  bind 127.0.0.1:{entry}
  default_backend web
{"" if like else self.servers_themselves()}backend web
  balance roundrobin
{servers}
"""
            )
        self.process = subprocess.Popen(["haproxy", "-db", "-f", path], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while not os.path.exists(self.socket):
            if time.monotonic() > deadline or self.process.poll() is not None:
                sys.exit("bench: haproxy did not start")
            time.sleep(0.05)
        self.stopping = threading.Event()
        self.client = threading.Thread(target=self.ask, args=(entry, rate), daemon=True)
        self.client.start()

    def servers_themselves(self):
        return f"""frontend back
  bind :{self.back}
  http-request return status 200 content-type text/plain string ok
"""

    def ask(self, port, rate):
        request = b"GET / HTTP/1.1\r\nHost: bench\r\n\r\n"
        # The stats socket is there before the others are.
        connection = None
        while connection is None and not self.stopping.is_set():
            try:
                connection = socket.create_connection(("127.0.0.1", port))
            except OSError:
                time.sleep(0.05)
        if connection is None:
            return
        with connection:
            while not self.stopping.wait(1 / rate):
                connection.sendall(request)
                connection.recv(4096)

    def stop(self):
        self.stopping.set()
        self.client.join(2)
        self.process.kill()
        self.process.wait()


class Relay:
    """Stands before a stats socket, passes on what it says, and notes when each reply was complete."""

    def __init__(self, path, behind):
        self.socket = path
        self.behind = behind
        self.complete = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(16)
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection, socket.socket(socket.AF_UNIX) as proxy:
                try:
                    proxy.connect(self.behind)
                    self.pass_on(connection, proxy)
                except OSError:
                    continue

    def pass_on(self, connection, proxy):
        """Both ways, until one of them ends. A reply is complete with the end, or with the prompt of who asks more."""
        while True:
            for ready in select.select([connection, proxy], [], [])[0]:
                chunk = ready.recv(1 << 18)
                if ready is proxy:
                    connection.sendall(chunk)
                    if not chunk or chunk.endswith(b"\n> "):
                        self.complete.append(time.monotonic())
                elif chunk:
                    proxy.sendall(chunk)
                if not chunk:
                    return

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        # By then whoever asked has ended.
        self.thread.join(2)


class Run:
    """A program in a terminal of its own, from its start to its end."""

    def __init__(self, command, size):
        self.started = time.monotonic()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", COLORTERM="")
            os.execvp(command[0], command)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        self.first_picture = None
        self.bytes = 0
        # When something was written, the newest last.
        self.writes = []
        self.seen = b""
        # How many rows hatop says that it has.
        self.services = None

    def read(self, seconds):
        """Takes what it writes for a while, as a terminal would."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read_once(left)

    def read_once(self, left):
        if not select.select([self.terminal], [], [], max(0, left))[0]:
            return
        try:
            chunk = os.read(self.terminal, 1 << 16)
        except OSError:
            sys.exit("bench: the program has ended by itself:\n" + self.seen[-2000:].decode(errors="replace"))
        self.bytes += len(chunk)
        self.writes.append(time.monotonic())
        self.seen = (self.seen + chunk)[-8000:]
        # The first server's name is the first picture: before it there are only frames and titles.
        if self.first_picture is None and b"s00001" in self.seen:
            self.first_picture = time.monotonic() - self.started
        if self.services is None and (said := re.search(rb"Services: +(\d+)\D", self.seen)):
            self.services = int(said[1])

    def press(self, keys):
        os.write(self.terminal, keys.encode())

    def wait(self, text, seconds):
        """Reads until `text` has been written; the time that took, or None where it was not in time."""
        start = time.monotonic()
        self.seen = b""
        while time.monotonic() - start < seconds:
            self.read_once(start + seconds - time.monotonic())
            if text.encode() in self.seen:
                return time.monotonic() - start
        return None

    def cpu(self):
        """Seconds on a processor, by the scheduler's own count: the clock's ticks are too coarse."""
        total = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{task}/schedstat") as file:
                total += int(file.read().split()[0])
        return total / 1e9

    def memory(self):
        """MiB that it has for itself, with its share of what others use as well (Pss), but for whoever measures: Python
        beside Python would be half as large."""
        ours = mapped_files()
        total, path, held = 0, "", 0
        with open(f"/proc/{self.pid}/smaps") as file:
            for line in file:
                if line.startswith("Rss:"):
                    held = int(line.split()[1])
                elif line.startswith("Pss:"):
                    share = int(line.split()[1])
                    users = held / share if share else 1
                    total += held / max(1, users - 1) if path in ours else share
                elif "-" in line.split(" ", 1)[0]:
                    path = file_of(line)
        return total / 1024

    def peak(self):
        """MiB of memory that it had at the most at once, with all that others use as well."""
        with open(f"/proc/{self.pid}/status") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
        return 0

    def stop(self):
        os.kill(self.pid, signal.SIGTERM)
        end = time.monotonic() + 2
        while time.monotonic() < end:
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
            time.sleep(0.02)
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.terminal)
