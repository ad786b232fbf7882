"""`schemathesis`: whatever is asked, the answer is one that `/openapi.json` tells of, and never a failure of ours.

It makes up requests by the description, good ones and bad ones, calls in chains what hangs together, and holds every
answer against the description: status, type of content, headers, fields. What it cannot make up, because it takes
people or things that belong together, is asked by hand and held against the description too. The server is its own,
since it deletes whatever it finds. What it makes up is the same in every run.
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

PATIENCE_SECONDS = 300

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
    """The database it is tried on."""
    return request.param


@pytest.fixture(scope="module")
def server(kind, tmp_path_factory):
    """A server nobody else asks."""
    folder = tmp_path_factory.mktemp(f"openapi-{kind}")
    server = Server(folder, databases.fresh(kind, folder))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def token(server):
    """A token of its administrator, made before so many sign-ins fail that the door is closed for a while."""
    return server.token()


@pytest.fixture(scope="module")
def description(server):
    """What the server says of itself."""
    return schemathesis.openapi.from_url(f"{server.address}/openapi.json")


@pytest.fixture(scope="module")
def ask(description, token):
    """Makes a call, expects this status, and holds the answer against the description."""

    def ask(method, path, status, body=None, token=token, **variables):
        operation = description[path][method]
        given = {} if body is None else {"body": body, "media_type": "application/json"}
        headers = {"X-SF-TOKEN": token} if token else {}
        answer = operation.Case(path_parameters=variables, headers=headers, **given).call()
        assert answer.status_code == status, answer.text
        operation.validate_response(answer)
        return answer.json() if answer.content else None

    return ask


def test_only_a_live_token_is_revoked(server, ask):
    """By itself, since whoever revokes their token is out."""
    revoked = server.token()
    ask("DELETE", "/v2/session", 401, token=None)
    ask("DELETE", "/v2/session", 204, token=revoked)
    ask("DELETE", "/v2/session", 404, token=revoked)


def test_a_team_is_given_people_and_things(server, ask):
    me = ask("GET", "/v2/session", 200)["userId"]
    team = ask("POST", "/v2/team", 200, {"name": "SRE", "members": [me]})["id"]
    detector = ask("POST", "/v2/detector", 200, {"name": "CPU", "programText": PROGRAM, "rules": []})["id"]
    group = ask("POST", "/v2/dashboardgroup", 200, {"name": "Checkout"})["id"]
    for path, other in [("detector", detector), ("dashboardgroup", group)]:
        ask("POST", f"/v2/team/{{id}}/{path}/{{other}}", 204, id=team, other=other)
    shown = ask("GET", "/v2/team/{id}", 200, id=team)
    assert (shown["detectors"], shown["dashboardGroups"]) == ([detector], [group])
    for path, other in [("detector", detector), ("dashboardgroup", group)]:
        ask("DELETE", f"/v2/team/{{id}}/{path}/{{other}}", 204, id=team, other=other)
    for method in ["DELETE", "PUT"]:
        ask(method, "/v2/team/{id}/member/{user}", 204, id=team, user=me)
        ask(method, "/v2/team/{id}/members", 204, {"members": [me]}, id=team)


def test_a_dashboard_is_copied_and_everything_tells_who_made_it(ask):
    group = ask("POST", "/v2/dashboardgroup", 200, {"name": "Checkout"})["id"]
    chart = ask("POST", "/v2/chart", 200, {"name": "p99", "options": {"type": "SingleValue"}})["id"]
    charts = [{"chartId": chart, "row": 0, "column": 0, "width": 6, "height": 1}]
    given = {"name": "Latency", "groupId": group, "charts": charts}
    dashboard = ask("POST", "/v2/dashboard", 200, given)["id"]
    copy = {"sourceDashboard": dashboard, "name": "A copy"}
    ask("POST", "/v2/dashboardgroup/{id}/dashboard", 200, copy, id=group)
    integration = ask("POST", "/v2/integration", 200, {"name": "On call", "type": "PagerDuty", "apiKey": "key"})["id"]
    ask("GET", "/v2/integration/validate/{id}", 200, id=integration)
    made = {"dashboardgroup": group, "chart": chart, "dashboard": dashboard, "integration": integration}
    for kind, id in made.items():
        info = ask("GET", "/v2/audit/info/{type}/{id}", 200, type=kind, id=id)
        assert info["created"]["token"]["kind"] == "API_SESSION"
    ask("GET", "/v2/event/find", 406)
    ask("GET", "/v2/audit/events", 200)


def test_roles_and_people_come_and_go(server, ask):
    grace = server.person("Grace Hopper", "power")
    members = ask("GET", "/v2/organization/member", 200)["results"]
    [id] = [member["id"] for member in members if member["email"] == grace.email]
    org_token = ask("POST", "/v2/token", 200, {"name": "ci"})["id"]
    # A token has one role and cannot lose it.
    for kind, id_of, status in [("OrgUser", id, 200), ("NamedToken", org_token, 400)]:
        grant = {"objectType": kind, "objectIds": [id_of], "roleNames": ["usage"]}
        ask("PATCH", "/v2/role/assign", 200, grant)
        ask("PATCH", "/v2/role/dismiss", status, grant)
    ask("PUT", "/v2/organization/member/{id}", 200, {"admin": True}, id=id)
    token = server.token(grace)
    change = {"oldPassword": grace.password, "newPassword": "correct horse battery staple"}
    ask("POST", "/v2/password/update", 200, change, token=token)
    ask("DELETE", "/v2/organization/member/{id}", 204, id=id)
    ask("GET", "/v2/session", 401, token=token)
    ask("POST", "/v2/organization/member", 200, {"email": "a@example.com"})
    ask("POST", "/v2/organization/member", 429, {"email": "a@example.com"})
    ask("POST", "/v2/organization/members", 200, {"members": [{"email": "b@example.com", "admin": True}]})
    ask("POST", "/v2/organization/orgMembers", 200, {"members": [{"email": "c@example.com"}]})


@pytest.fixture
def hold(server, description, token, tmp_path):
    """Lets it make up requests in these ways, so many a call, and fails when an answer is not as described."""
    calls = len(list(description.get_all_operations()))

    def hold(phases, requests_per_call):
        run = subprocess.run(
            [
                *[sys.executable, "-m", "schemathesis.cli", "--config-file", SETTINGS],
                *["run", f"{server.address}/openapi.json", "--header", f"X-SF-TOKEN: {token}"],
                *["--exclude-operation-id", "delete_session", "--checks", ",".join(CHECKS), "--phases", phases],
                *["--max-examples", str(requests_per_call), "--generation-deterministic"],
                *["--continue-on-failure", "--no-color", "--warnings", "off"],
            ],
            cwd=tmp_path,
            env={**os.environ, "SCHEMATHESIS_HOOKS": str(HOOKS)},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE_SECONDS,
        )
        assert run.returncode == 0, run.stdout
        assert f"{calls - 1} selected / {calls} total" in run.stdout, run.stdout
        me = requests.get(f"{server.address}/v2/session", headers={"X-SF-TOKEN": token}, timeout=30)
        assert "admin" in me.json()["roles"], "whoever asks is no administrator any more, so little was answered"

    return hold


def test_whatever_is_asked_the_answer_is_one_that_was_told_of(kind, hold):
    # Each bound of each field by rule takes a minute: on the database that has more bounds of its own.
    by_rule = ",coverage" if kind == databases.kinds()[-1] else ""
    hold(f"examples,fuzzing{by_rule}", requests_per_call=8)


def test_what_hangs_together_is_answered_as_told(hold):
    hold("stateful", requests_per_call=80)
