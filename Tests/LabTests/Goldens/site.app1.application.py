# The application of shop on app1, written by `tiertop lab`.
import hashlib
import random
import socket
import struct
import threading
import time

LATENCY = 0.016  # seconds, mean
FAILURES = 0.005  # share of answers that are a 500
DATABASE = ("10.77.4.11", 3306)
USER, PASSWORD = "application", "25"


class Database:
    """As much of the protocol of MariaDB as a page needs: log in, ask, read past the answer."""

    def __init__(self):
        self.socket = socket.create_connection(DATABASE, timeout=2)
        greeting = self.check(self.read())
        rest = greeting[greeting.index(b"\0", 1) + 1 :]
        salt = rest[4:12] + rest[31:43]
        one = hashlib.sha1(PASSWORD.encode()).digest()
        two = hashlib.sha1(salt + hashlib.sha1(one).digest()).digest()
        proof = bytes(a ^ b for a, b in zip(one, two))
        # Protocol 4.1, secure connection, the plugin by its name.
        head = struct.pack("<IIB23x", 0x00088200 | 0x0001, 1 << 24, 45)
        self.write(head + USER.encode() + b"\0" + b"\x14" + proof + b"mysql_native_password\0", 1)
        self.check(self.read())

    def read(self):
        head = self.take(4)
        return self.take(head[0] | head[1] << 8 | head[2] << 16)

    def take(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise OSError("the database closed the connection")
            data += part
        return data

    def write(self, data, number):
        self.socket.sendall(struct.pack("<I", len(data) | number << 24) + data)

    def check(self, reply):
        if reply[:1] == b"\xff":
            # Behind the number of the error; once logged in its SQLSTATE comes first.
            words = reply[3:].decode("utf-8", "replace")
            raise OSError(words[6:] if words.startswith("#") else words)
        return reply

    def ask(self, text):
        self.write(b"\x03" + text.encode(), 0)
        if self.check(self.read())[:1] == b"\0":
            return
        # Columns end with one EOF, rows with another.
        for _ in range(2):
            while True:
                reply = self.check(self.read())
                if reply[:1] == b"\xfe" and len(reply) < 9:
                    break


own = threading.local()


def ask_database(path):
    """One statement of a page; on a new connection where the last one failed."""
    database = getattr(own, "database", None) or Database()
    own.database = None
    if path.endswith("/cart"):
        database.ask("UPDATE site.visits SET seen = seen + 1 WHERE page = 'cart'")
    else:
        database.ask("SELECT page, seen FROM site.visits")
    own.database = database


def fault():
    """What is played here: seconds to wait, and a share of errors."""
    try:
        with open("fault") as file:
            slow, errors = file.read().split()
            return float(slow), float(errors)
    except (OSError, ValueError):
        return 0, 0


def answer(path):
    """The status and the text for a path."""
    slow, errors = fault()
    if path == "/healthz":
        return "200 OK", "ok"
    if path.endswith("/error"):
        return "500 Internal Server Error", "an error, as asked for"
    if "/missing" in path:
        return "404 Not Found", "no such page"
    # Mostly near the mean, with a tail to the slow side, as real pages have.
    time.sleep(slow + LATENCY * (0.5 + random.expovariate(2)))
    if random.random() < max(FAILURES, errors):
        return "500 Internal Server Error", "an error, as happens"
    if DATABASE:
        try:
            ask_database(path)
        except (OSError, ValueError) as error:
            return "503 Service Unavailable", "no database: %s" % error
    return "200 OK", "hello from app1"


def application(environ, start_response):
    status, text = answer(environ.get("PATH_INFO", "/"))
    body = (text + "\n").encode()
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
