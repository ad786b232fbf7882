"""The PyPI package `signalfx`, unmodified: everything its REST client can ask of the control plane."""

import pytest
import requests
import signalfx

PROGRAM = "A = data('cpu.utilization').mean(); detect(when(A > 90)).publish('too hot')"


@pytest.fixture(scope="module")
def product(server):
    """The package, pointed at the server."""
    return signalfx.SignalFx(api_endpoint=server.address)


@pytest.fixture(scope="module")
def rest(product, token):
    """Its REST client, as an administrator."""
    with product.rest(token) as client:
        yield client


def refused(status, call, *arguments):
    """Asserts that the client is told this status."""
    with pytest.raises(requests.HTTPError) as caught:
        call(*arguments)
    assert caught.value.response.status_code == status, caught.value.response.text


def test_a_person_signs_in_and_reads_their_organization(server, product):
    person = server.administrator
    with product.rest(product.login(person.email, person.password)) as client:
        organization = client.get_organization()
    assert organization["organizationName"] == "My organization"
    assert isinstance(organization["url"], str)


def test_a_wrong_password_and_a_wrong_token_are_401(server, product):
    refused(401, product.login, server.administrator.email, "not the password")
    with product.rest("not a token") as client:
        refused(401, client.get_organization)
        refused(401, client.get_detectors)
