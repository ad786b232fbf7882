"""`schemathesis`: every response conforms to `/openapi.json`, and no request causes a server error.

`schemathesis` generates valid and invalid requests from the OpenAPI document, calls linked operations in sequence, and
validates every response: status, content type, headers, fields. Operations that need related users or objects cannot be
generated; tests call them explicitly and validate the responses as well. These tests have a server of their own, because
generated requests delete objects. Generation is deterministic.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import schemathesis

import databases
from countersign import Server

TIMEOUT_SECONDS = 300

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "ignored_auth",
    "use_after_free",
    "ensure_resource_availability",
]

SETTINGS = Path(__file__).with_name("schemathesis.toml")
HOOKS = Path(__file__).with_name("schemathesis_hooks.py")

PROGRAM = "detect(when(data('cpu.utilization') > 90)).publish('too hot')"


@pytest.fixture(scope="module", params=databases.kinds())
def kind(request):
    """The database under test."""
    return request.param


@pytest.fixture(scope="module")
def server(kind, tmp_path_factory):
    """A server for this module only."""
    folder = tmp_path_factory.mktemp(f"openapi-{kind}")
    server = Server(folder, databases.create(kind, folder))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def token(server):
    """An administrator's token, issued before failed sign-ins trigger the rate limit."""
    return server.token()


@pytest.fixture(scope="module")
def description(server):
    """The OpenAPI document of the server."""
    return schemathesis.openapi.from_url(f"{server.address}/openapi.json")


@pytest.fixture(scope="module")
def call(description, token):
    """Calls an operation, expects this status, and validates the response against the OpenAPI document."""

    def call(method, path, status, body=None, token=token, **variables):
        operation = description[path][method]
        body_arguments = {} if body is None else {"body": body, "media_type": "application/json"}
        headers = {"X-SF-TOKEN": token} if token else {}
        response = operation.Case(path_parameters=variables, headers=headers, **body_arguments).call()
        assert response.status_code == status, response.text
        operation.validate_response(response)
        return response.json() if response.content else None

    return call


def test_only_a_live_token_is_revoked(server, call):
    """Uses a separate token, because the revoked one is unusable afterwards."""
    revoked = server.token()
    call("DELETE", "/v2/session", 401, token=None)
    call("DELETE", "/v2/session", 204, token=revoked)
    call("DELETE", "/v2/session", 404, token=revoked)


def test_a_team_gains_and_loses_members_and_objects(server, call):
    me = call("GET", "/v2/session", 200)["userId"]
    team = call("POST", "/v2/team", 200, {"name": "SRE", "members": [me]})["id"]
    detector = call("POST", "/v2/detector", 200, {"name": "CPU", "programText": PROGRAM, "rules": []})["id"]
    group = call("POST", "/v2/dashboardgroup", 200, {"name": "Checkout"})["id"]
    for path, other in [("detector", detector), ("dashboardgroup", group)]:
        call("POST", f"/v2/team/{{id}}/{path}/{{other}}", 204, id=team, other=other)
    stored = call("GET", "/v2/team/{id}", 200, id=team)
    assert (stored["detectors"], stored["dashboardGroups"]) == ([detector], [group])
    for path, other in [("detector", detector), ("dashboardgroup", group)]:
        call("DELETE", f"/v2/team/{{id}}/{path}/{{other}}", 204, id=team, other=other)
    for method in ["DELETE", "PUT"]:
        call(method, "/v2/team/{id}/member/{user}", 204, id=team, user=me)
        call(method, "/v2/team/{id}/members", 204, {"members": [me]}, id=team)


def test_a_dashboard_is_copied_and_info_names_the_creator(call):
    group = call("POST", "/v2/dashboardgroup", 200, {"name": "Checkout"})["id"]
    chart = call("POST", "/v2/chart", 200, {"name": "p99", "options": {"type": "SingleValue"}})["id"]
    charts = [{"chartId": chart, "row": 0, "column": 0, "width": 6, "height": 1}]
    layout = {"name": "Latency", "groupId": group, "charts": charts}
    dashboard = call("POST", "/v2/dashboard", 200, layout)["id"]
    copy = {"sourceDashboard": dashboard, "name": "A copy"}
    call("POST", "/v2/dashboardgroup/{id}/dashboard", 200, copy, id=group)
    integration = call("POST", "/v2/integration", 200, {"name": "On call", "type": "PagerDuty", "apiKey": "key"})["id"]
    call("GET", "/v2/integration/validate/{id}", 200, id=integration)
    created = {"dashboardgroup": group, "chart": chart, "dashboard": dashboard, "integration": integration}
    for kind, id in created.items():
        info = call("GET", "/v2/audit/info/{type}/{id}", 200, type=kind, id=id)
        assert info["created"]["token"]["kind"] == "API_SESSION"
    call("GET", "/v2/event/find", 406)
    call("GET", "/v2/audit/events", 200)


def test_roles_and_members_are_added_and_removed(server, call):
    grace = server.person("Grace Hopper", "power")
    members = call("GET", "/v2/organization/member", 200)["results"]
    [id] = [member["id"] for member in members if member["email"] == grace.email]
    org_token = call("POST", "/v2/token", 200, {"name": "ci"})["id"]
    # A token has exactly one role, which cannot be removed.
    for kind, id_of, status in [("OrgUser", id, 200), ("NamedToken", org_token, 400)]:
        grant = {"objectType": kind, "objectIds": [id_of], "roleNames": ["usage"]}
        call("PATCH", "/v2/role/assign", 200, grant)
        call("PATCH", "/v2/role/dismiss", status, grant)
    call("PUT", "/v2/organization/member/{id}", 200, {"admin": True}, id=id)
    token = server.token(grace)
    change = {"oldPassword": grace.password, "newPassword": "granite lanterns over quiet water"}
    call("POST", "/v2/password/update", 200, change, token=token)
    call("DELETE", "/v2/organization/member/{id}", 204, id=id)
    call("GET", "/v2/session", 401, token=token)
    call("POST", "/v2/organization/member", 200, {"email": "a@example.com"})
    call("POST", "/v2/organization/member", 429, {"email": "a@example.com"})
    call("POST", "/v2/organization/members", 200, {"members": [{"email": "b@example.com", "admin": True}]})
    call("POST", "/v2/organization/orgMembers", 200, {"members": [{"email": "c@example.com"}]})


@pytest.fixture
def run_schemathesis(server, description, token, tmp_path):
    """Runs `schemathesis` phases with this many requests per operation. Fails if a response does not conform."""
    operations = len(list(description.get_all_operations()))

    def run(phases, requests_per_operation):
        result = subprocess.run(
            [
                *[sys.executable, "-m", "schemathesis.cli", "--config-file", SETTINGS],
                *["run", f"{server.address}/openapi.json", "--header", f"X-SF-TOKEN: {token}"],
                *["--exclude-operation-id", "delete_session", "--checks", ",".join(CHECKS), "--phases", phases],
                *["--max-examples", str(requests_per_operation), "--generation-deterministic"],
                *["--continue-on-failure", "--no-color", "--warnings", "off"],
            ],
            cwd=tmp_path,
            env={**os.environ, "SCHEMATHESIS_HOOKS": str(HOOKS)},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=TIMEOUT_SECONDS,
        )
        assert result.returncode == 0, result.stdout
        assert f"{operations - 1} selected / {operations} total" in result.stdout, result.stdout
        me = requests.get(f"{server.address}/v2/session", headers={"X-SF-TOKEN": token}, timeout=30)
        assert "admin" in me.json()["roles"], "the caller lost the administrator role, so most requests were denied"

    return run


def test_generated_requests_get_documented_responses(kind, run_schemathesis):
    # The coverage phase takes a minute, so it runs only on the last database, the one with more limits of its own.
    coverage = ",coverage" if kind == databases.kinds()[-1] else ""
    run_schemathesis(f"examples,fuzzing{coverage}", requests_per_operation=8)


def test_linked_operations_get_documented_responses(run_schemathesis):
    run_schemathesis("stateful", requests_per_operation=80)
