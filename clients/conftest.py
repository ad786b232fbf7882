"""What every test of a client is given: a running server, once on each database, and a way in."""

import pytest
import requests

import databases
from countersign import PATIENCE_SECONDS, Server


@pytest.fixture(scope="session", params=databases.kinds())
def server(request, tmp_path_factory):
    """A server with one administrator. All tests share it: each makes what it needs under names of its own."""
    folder = tmp_path_factory.mktemp(request.param)
    server = Server(folder, databases.fresh(request.param, folder))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def token(server):
    """An administrator's token."""
    return server.token()


@pytest.fixture(scope="session")
def make(server, token):
    """Makes an object that the client under test can only read: `make("chart", {...})` gives it as stored."""
    with requests.Session() as session:
        session.headers["X-SF-TOKEN"] = token

        def create(kind, document):
            answer = session.post(f"{server.address}/v2/{kind}", json=document, timeout=PATIENCE_SECONDS)
            assert answer.status_code == 200, answer.text
            return answer.json()

        yield create
