"""Fresh databases: a file, and a database of its own on a PostgreSQL server for tests."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

POSTGRES_VARIABLE = "COUNTERSIGN_TEST_POSTGRES_URL"


def kinds() -> list[str]:
    """The databases there are to test on: always SQLite, and PostgreSQL when there is a server for tests."""
    return ["sqlite", "postgres"] if os.environ.get(POSTGRES_VARIABLE) else ["sqlite"]


def fresh(kind: str, folder: Path) -> str:
    """The address of an empty database."""
    if kind == "sqlite":
        return f"sqlite:{folder / 'countersign.db'}"
    server = os.environ[POSTGRES_VARIABLE]
    name = f"clients_{secrets.token_hex(8)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(server)._replace(path=f"/{name}").geturl()
