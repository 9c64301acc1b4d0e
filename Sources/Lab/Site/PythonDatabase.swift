import Cluster

/// As much of a database's protocol as the lab's own programs need, in Python: no driver has to be installed.
enum PythonDatabase {
  /// The modules that `text` needs, in their order.
  static func modules(for program: Layout.Program) -> [String] {
    program == .postgresql
      ? ["base64", "hashlib", "hmac", "os", "socket", "struct"] : ["hashlib", "socket", "struct"]
  }

  /// The class `Database`, which logs in at `DATABASE` as `USER` with `PASSWORD`, and can `ask` a statement.
  static func text(for program: Layout.Program) -> String {
    program == .postgresql ? postgresql : mariadb
  }

  private static let mariadb = """
    class Database:
        \"""As much of the protocol of MariaDB as a page needs: log in, ask, read past the answer.\"""

        def __init__(self):
            self.socket = socket.create_connection(DATABASE, timeout=2)
            greeting = self.check(self.read())
            rest = greeting[greeting.index(b"\\0", 1) + 1 :]
            salt = rest[4:12] + rest[31:43]
            one = hashlib.sha1(PASSWORD.encode()).digest()
            two = hashlib.sha1(salt + hashlib.sha1(one).digest()).digest()
            proof = bytes(a ^ b for a, b in zip(one, two))
            # Protocol 4.1, secure connection, the plugin by its name.
            head = struct.pack("<IIB23x", 0x00088200 | 0x0001, 1 << 24, 45)
            self.write(head + USER.encode() + b"\\0" + b"\\x14" + proof + b"mysql_native_password\\0", 1)
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
            if reply[:1] == b"\\xff":
                # Behind the number of the error; once logged in its SQLSTATE comes first.
                words = reply[3:].decode("utf-8", "replace")
                raise OSError(words[6:] if words.startswith("#") else words)
            return reply

        def ask(self, text):
            self.write(b"\\x03" + text.encode(), 0)
            if self.check(self.read())[:1] == b"\\0":
                return
            # Columns end with one EOF, rows with another.
            for _ in range(2):
                while True:
                    reply = self.check(self.read())
                    if reply[:1] == b"\\xfe" and len(reply) < 9:
                        break
    """

  private static let postgresql = """
    class Database:
        \"""As much of the protocol of PostgreSQL as a page needs: log in, ask, read past the answer.\"""

        def __init__(self):
            self.socket = socket.create_connection(DATABASE, timeout=2)
            names = b"user\\0" + USER.encode() + b"\\0database\\0postgres\\0\\0"
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
                    self.write(b"p", b"SCRAM-SHA-256\\0" + struct.pack(">I", len(first)) + first)
                elif method == 11:
                    self.write(b"p", self.proof(bare, body[4:].decode()))

        def proof(self, bare, challenge):
            \"""The last word of SCRAM-SHA-256 (RFC 5802).\"""
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
                fields = body.decode("utf-8", "replace").split("\\0")
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
            self.write(b"Q", text.encode() + b"\\0")
            while self.read()[0] != b"Z":
                pass
    """
}
