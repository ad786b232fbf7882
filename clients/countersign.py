"""A running Countersign for tests: the built program over an empty database, its people, its log.

Nothing here knows how the program works inside: it is started, asked and ended as an operator would.
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

PATIENCE_SECONDS = 30
"""How long the program may take to start, to do one thing, and to stop."""

ANNOUNCEMENT = "Countersign listens on "


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in."""

    name: str
    email: str
    password: str


class Server:
    """The program, serving on a free port of this machine."""

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
        """Starts the program, at first and after it was ended."""
        self._process, self.address = self._start()

    def kill(self) -> None:
        """Ends the program as a failing machine does: at once."""
        self._process.kill()
        self._process.wait()

    def person(self, name: str, role: str) -> Person:
        """A new member with this role (admin, power, usage, read_only), made from the command line."""
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
            timeout=PATIENCE_SECONDS,
        )
        return person

    def token(self, person: Person | None = None) -> str:
        """A token of `POST /v2/session` for this person, or for the first administrator."""
        person = person or self.administrator
        answer = requests.post(
            f"{self.address}/v2/session",
            json={"email": person.email, "password": person.password},
            timeout=PATIENCE_SECONDS,
        )
        answer.raise_for_status()
        return answer.json()["accessToken"]

    def stop(self) -> None:
        """Ends the program as a service manager does, and fails unless it ended well and its log is clean."""
        self._process.send_signal(signal.SIGTERM)
        try:
            status = self._process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise AssertionError("the server did not stop when it was told to") from None
        assert status == 0, f"the server ended with {status}; its log is {self._log}"
        complaints = self.complaints()
        assert not complaints, "the server's log has errors:\n" + "\n".join(complaints)

    def complaints(self) -> list[str]:
        """The lines of the log that say something went wrong inside: errors, panics, and what is no log line."""
        return [line for line in self._log.read_text().splitlines() if not is_fine(line)]

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
        # One that hangs before it says a word must not hang the tests.
        too_late = threading.Timer(PATIENCE_SECONDS, process.kill)
        too_late.start()
        line = process.stdout.readline()
        too_late.cancel()
        if not line.startswith(ANNOUNCEMENT):
            process.kill()
            process.wait()
            raise AssertionError(f"the server did not start:\n{self._log.read_text()}")
        return process, line.removeprefix(ANNOUNCEMENT).strip()


def is_fine(line: str) -> bool:
    """Whether a log line is one, and below an error. A panic in a task is an error; in `main` it is no log line."""
    try:
        return json.loads(line).get("level") != "ERROR"
    except (ValueError, AttributeError):
        return False


def program() -> str:
    """The built program."""
    path = os.environ.get("COUNTERSIGN_BIN")
    assert path, "COUNTERSIGN_BIN is not set: run these tests by `cargo xtask clients`"
    return path
