# The application of www.foobar.com on app2, written by `tiertop lab up`.
import random
import time

LATENCY = 0.028  # seconds, mean
FAILURES = 0.005  # share of answers that are a 500


def answer(path):
    """The status and the text for a path."""
    if path == "/healthz":
        return "200 OK", "ok"
    if path.endswith("/error"):
        return "500 Internal Server Error", "an error, as asked for"
    if "/missing" in path:
        return "404 Not Found", "no such page"
    # Mostly near the mean, with a tail to the slow side, as real pages have.
    time.sleep(LATENCY * (0.5 + random.expovariate(2)))
    if random.random() < FAILURES:
        return "500 Internal Server Error", "an error, as happens"
    return "200 OK", "hello from app2"


def application(environ, start_response):
    status, text = answer(environ.get("PATH_INFO", "/"))
    body = (text + "\n").encode()
    start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]
