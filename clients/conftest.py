"""What every test of a client is given: a running server, once on each database, and a way in."""

import pytest

import databases
from countersign import Server


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
