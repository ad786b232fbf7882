"""Creates empty databases: SQLite files, and databases on a PostgreSQL test server."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

POSTGRES_VARIABLE = "COUNTERSIGN_TEST_POSTGRES_URL"


def kinds() -> list[str]:
    """The databases to test with: SQLite, and PostgreSQL if a test server is configured."""
    return ["sqlite", "postgres"] if os.environ.get(POSTGRES_VARIABLE) else ["sqlite"]


def create(kind: str, folder: Path) -> str:
    """Creates an empty database and returns its URL."""
    if kind == "sqlite":
        return f"sqlite:{folder / 'countersign.db'}"
    server = os.environ[POSTGRES_VARIABLE]
    name = f"clients_{secrets.token_hex(8)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(server)._replace(path=f"/{name}").geturl()
