# The application of shop on app1, written by `tiertop lab`.
import base64
import hashlib
import hmac
import os
import random
import socket
import struct
import threading
import time

LATENCY = 0.016  # seconds, mean
FAILURES = 0.005  # share of answers that are a 500
DATABASE = ("10.77.4.11", 5432)
USER, PASSWORD = "application", "25"


class Database:
    """As much of the protocol of PostgreSQL as a page needs: log in, ask, read past the answer."""

    def __init__(self):
        self.socket = socket.create_connection(DATABASE, timeout=2)
        names = b"user\0" + USER.encode() + b"\0database\0postgres\0\0"
        # The version of the protocol: 3.0.
        self.socket.sendall(struct.pack(">II", len(names) + 8, 3 << 16) + names)
        nonce = base64.b64encode(os.urandom(18)).decode()
        bare = "n=,r=" + nonce
        kind = b""
        # Until it is ready for a statement.
        while kind != b"Z":
            kind, body = self.read()
            method = struct.unpack(">I", body[:4])[0] if kind == b"R" else 0
            if method == 10:
                first = ("n,," + bare).encode()
                self.write(b"p", b"SCRAM-SHA-256\0" + struct.pack(">I", len(first)) + first)
            elif method == 11:
                self.write(b"p", self.proof(bare, body[4:].decode()))

    def proof(self, bare, challenge):
        """The last word of SCRAM-SHA-256 (RFC 5802)."""
        parts = dict(part.split("=", 1) for part in challenge.split(","))
        salted = hashlib.pbkdf2_hmac(
            "sha256", PASSWORD.encode(), base64.b64decode(parts["s"]), int(parts["i"])
        )
        final = "c=biws,r=" + parts["r"]
        key = hmac.digest(salted, b"Client Key", "sha256")
        said = ",".join((bare, challenge, final)).encode()
        signature = hmac.digest(hashlib.sha256(key).digest(), said, "sha256")
        proof = base64.b64encode(bytes(a ^ b for a, b in zip(key, signature))).decode()
        return (final + ",p=" + proof).encode()

    def read(self):
        head = self.take(5)
        body = self.take(struct.unpack(">I", head[1:])[0] - 4)
        if head[:1] == b"E":
            fields = body.decode("utf-8", "replace").split("\0")
            raise OSError(next((field[1:] for field in fields if field.startswith("M")), "refused"))
        return head[:1], body

    def take(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise OSError("the database closed the connection")
            data += part
        return data

    def write(self, kind, data):
        self.socket.sendall(kind + struct.pack(">I", len(data) + 4) + data)

    def ask(self, text):
        self.write(b"Q", text.encode() + b"\0")
        while self.read()[0] != b"Z":
            pass


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
