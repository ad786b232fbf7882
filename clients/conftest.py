"""Fixtures of all client tests: a running server on each database, and a token."""

import pytest
import requests

import databases
from countersign import TIMEOUT_SECONDS, Server


@pytest.fixture(scope="session", params=databases.kinds())
def server(request, tmp_path_factory):
    """A server with one administrator, shared by all tests. Each test creates its own objects under unique names."""
    folder = tmp_path_factory.mktemp(request.param)
    server = Server(folder, databases.create(request.param, folder))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def token(server):
    """An administrator's token."""
    return server.token()


@pytest.fixture(scope="session")
def create(server, token):
    """Creates an object that the client under test can only read: `create("chart", {...})` returns it as stored."""
    with requests.Session() as session:
        session.headers["X-SF-TOKEN"] = token

        def post(kind, document):
            response = session.post(f"{server.address}/v2/{kind}", json=document, timeout=TIMEOUT_SECONDS)
            assert response.status_code == 200, response.text
            return response.json()

        yield post
