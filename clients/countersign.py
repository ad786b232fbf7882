"""Runs a Countersign server for tests: the built program with an empty database, its users, its log.

The program is a black box: it is started, called and stopped as an operator would.
"""

import json
import os
import secrets
import signal
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

import requests

TIMEOUT_SECONDS = 30
"""Maximum time for the program to start, to handle one request, and to stop."""

ADDRESS_PREFIX = "Countersign listens on "


@dataclass(frozen=True)
class Person:
    """A user who can sign in."""

    name: str
    email: str
    password: str


class Server:
    """A server process on a free port."""

    def __init__(self, folder: Path, database_url: str):
        self._folder = folder
        self._log = folder / "log"
        self._environment = {
            "PATH": os.environ.get("PATH", ""),
            "COUNTERSIGN_DATABASE_URL": database_url,
            "COUNTERSIGN_MASTER_KEY_FILE": str(folder / "master.key"),
            "COUNTERSIGN_LOG": "info",
            "RUST_BACKTRACE": "1",
        }
        self.administrator = self.person("Ada Lovelace", "admin")
        self.start()

    def start(self) -> None:
        """Starts the program, initially or again after `kill`."""
        self._process, self.address = self._start()

    def kill(self) -> None:
        """Kills the program with SIGKILL, to simulate a crash."""
        self._process.kill()
        self._process.wait()

    def person(self, name: str, role: str) -> Person:
        """Creates a member with this role (admin, power, usage, read_only) with the command line."""
        local = name.lower().replace(" ", ".")
        person = Person(name, f"{local}.{secrets.token_hex(4)}@example.com", secrets.token_urlsafe(18))
        flags = ["--email", person.email, "--name", name, "--role", role, "--password-stdin"]
        subprocess.run(
            [program(), "user", "create", *flags],
            input=f"{person.password}\n",
            text=True,
            check=True,
            cwd=self._folder,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            timeout=TIMEOUT_SECONDS,
        )
        return person

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess:
        """Runs a command with the settings of the server."""
        return subprocess.run(
            [program(), *arguments],
            text=True,
            check=check,
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            timeout=TIMEOUT_SECONDS,
        )

    def token(self, person: Person | None = None) -> str:
        """Issues a token with `POST /v2/session`, by default to the first administrator."""
        person = person or self.administrator
        response = requests.post(
            f"{self.address}/v2/session",
            json={"email": person.email, "password": person.password},
            timeout=TIMEOUT_SECONDS,
        )
        response.raise_for_status()
        return response.json()["accessToken"]

    def stop(self) -> None:
        """Stops the program with SIGTERM. Fails unless it exits with 0 and its log is free of errors."""
        self._process.send_signal(signal.SIGTERM)
        try:
            status = self._process.wait(TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise AssertionError("the server did not stop after SIGTERM") from None
        assert status == 0, f"the server exited with {status}; its log is {self._log}"
        errors = self.log_errors()
        assert not errors, "the server's log has errors:\n" + "\n".join(errors)

    def log_errors(self) -> list[str]:
        """The log lines that indicate a fault: errors, panics, and lines that are not log records."""
        return [line for line in self._log.read_text().splitlines() if not is_harmless(line)]

    def _start(self) -> tuple[subprocess.Popen, str]:
        process = subprocess.Popen(
            [program(), "serve", "--listen", "127.0.0.1:0"],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log.open("a"),
            text=True,
        )
        # A program that hangs before it prints its address must not block the tests.
        timer = threading.Timer(TIMEOUT_SECONDS, process.kill)
        timer.start()
        line = process.stdout.readline()
        timer.cancel()
        if not line.startswith(ADDRESS_PREFIX):
            process.kill()
            process.wait()
            raise AssertionError(f"the server did not start:\n{self._log.read_text()}")
        return process, line.removeprefix(ADDRESS_PREFIX).strip()


def is_harmless(line: str) -> bool:
    """Whether this is a log record below error level. A panic in a task is an error record; one in `main` is plain text."""
    try:
        return json.loads(line).get("level") != "ERROR"
    except (ValueError, AttributeError):
        return False


def program() -> str:
    """The path of the built program."""
    path = os.environ.get("COUNTERSIGN_BIN")
    assert path, "COUNTERSIGN_BIN is not set: run these tests with `cargo xtask clients`"
    return path
