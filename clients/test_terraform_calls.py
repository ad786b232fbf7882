"""The HTTP calls of the Terraform provider, replayed from tables: each phase, on both databases, without a provider."""

import pytest
import requests

import terraform_calls
from countersign import TIMEOUT_SECONDS
from terraform_calls import PHASES, Replay

OBJECTS = terraform_calls.load()

ADMINISTRATORS_ONLY = {"org_token", "team"}
"""Kinds that only administrators change, beside integrations."""


def is_for_administrators(name):
    """Whether only administrators change objects of this kind."""
    kind = name.split(".")[0]
    return kind in ADMINISTRATORS_ONLY or kind.endswith("_integration")


def test_each_phase_gets_the_responses_that_the_provider_reads(server, token):
    replay = Replay(server.address, token, server.administrator.email)
    ordered = terraform_calls.in_order(OBJECTS)
    for phase in PHASES:
        for name in reversed(ordered) if phase == "remove" else ordered:
            for step in OBJECTS[name].get(phase, []):
                replay.expect(name, step)
    for name in ordered:
        for step in OBJECTS[name].get("refresh", []):
            assert replay.send(name, step).status_code == 404, f"{name} exists after its removal"


def test_a_user_who_is_no_administrator_is_denied_without_a_reason_to_repeat_the_call(server):
    power = server.token(server.person("Grace Hopper", "power"))
    replay = Replay(server.address, power, server.administrator.email)
    for name in filter(is_for_administrators, OBJECTS):
        response = replay.send(name, OBJECTS[name]["create"][0])
        assert (response.status_code, response.json()["message"]) == (403, "Unauthorized request."), name
        assert response.json()["hint"] == "It needs the user token of an administrator.", name
        assert "Retry-After" not in response.headers


def organization(server, token):
    """The response to the first call of the provider, whose failure it ignores."""
    headers = {"X-SF-TOKEN": token, "Accept": "application/json", "User-Agent": "Go-http-client/1.1"}
    return requests.get(f"{server.address}/v2/organization", headers=headers, timeout=TIMEOUT_SECONDS)


def test_the_provider_asks_for_the_address_of_the_web_interface(server, token):
    assert organization(server, token).json()["url"] == server.address
    assert organization(server, "").status_code == 401
    assert organization(server, server.token(server.person("Grace Hopper", "power"))).status_code == 403


def test_both_halves_of_the_provider_sign_in_with_an_email_address_and_a_password(server, token):
    person = server.administrator
    body = {
        "email": person.email,
        "password": person.password,
        "organizationId": organization(server, token).json()["id"],
    }
    headers = {"Content-Type": "application/json", "User-Agent": "signalfx-go"}
    for _ in range(2):
        response = requests.post(f"{server.address}/v2/session", json=body, headers=headers, timeout=TIMEOUT_SECONDS)
        assert response.status_code == 200, response.text
        assert organization(server, response.json()["accessToken"]).status_code == 200


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_each_table_has_every_phase(name):
    phases = set(OBJECTS[name])
    assert phases <= set(PHASES)
    assert name.startswith("data.") or phases >= {"create", "refresh", "change", "remove"}
