"""The Terraform provider: a plan after an apply is empty, and it imports, recreates and removes what it created."""

import json
from urllib.parse import quote

import pytest
import requests

import terraform_cli
import terraform_kinds
from countersign import TIMEOUT_SECONDS
from terraform_cli import CONFIGURATIONS, Workspace

pytestmark = pytest.mark.skipif(terraform_cli.missing() is not None, reason=str(terraform_cli.missing()))

DENIED = {
    "power": {
        # The provider replaces the body of these responses by a text of its own.
        "signalfx_aws_integration.protected": "Please verify you are using an admin token",
        "signalfx_slack_integration.protected": "Please verify you are using an admin token",
        "signalfx_big_panda_integration.protected": "It needs the user token of an administrator.",
        "signalfx_org_token.protected": "It needs the user token of an administrator.",
        "signalfx_dashboard_group.protected": "Unauthorized update.",
        "signalfx_detector.protected": "Unauthorized update.",
        # The provider shows only the route and the status.
        "signalfx_team.protected": "/v2/team/",
    },
    # The provider validates detectors while it plans.
    "read_only": {"signalfx_detector.protected": "It needs the role power or admin."},
}
"""The resources whose errors an apply with this role shows, with a part of the error."""


@pytest.fixture
def workspace(server, token, tmp_path):
    """Creates an empty folder for configurations of the administrator."""

    def create(name, *files, token=token):
        workspace = Workspace(tmp_path / name, server.address, token, {"member_email": server.administrator.email})
        workspace.add(CONFIGURATIONS / "provider.tf", *files)
        return workspace

    return create


def files(*kinds):
    """The configurations of these kinds."""
    return [CONFIGURATIONS / "kinds" / f"{kind}.tf" for kind in kinds]


def in_name_order():
    """The kinds in the order of their names."""
    return sorted(terraform_kinds.configurations())


def of_kind(resource):
    """What the table says about the kind of this resource."""
    return terraform_kinds.RESOURCES[resource["type"]]


def call(server, token, method, resource):
    """Calls the API for the object of this resource."""
    path = f"{of_kind(resource).path}/{quote(resource['values']['id'], safe='')}"
    headers = {"X-SF-TOKEN": token}
    return requests.request(method, f"{server.address}/v2/{path}", headers=headers, timeout=TIMEOUT_SECONDS)


def test_every_kind_of_the_provider_is_listed(workspace):
    schemas = workspace("empty").read("providers", "schema", "-json")["provider_schemas"]
    [schema] = [schemas[name] for name in schemas if name.endswith("/signalfx")]
    assert set(schema["resource_schemas"]) == set(terraform_kinds.RESOURCES)
    assert set(schema["data_source_schemas"]) == terraform_kinds.DATA_SOURCES
    assert {file.stem for file in (CONFIGURATIONS / "kinds").iterdir()} == terraform_kinds.configurations()


def test_every_kind_is_created_changed_imported_recreated_and_removed(server, token, workspace):
    main = workspace("kinds", *files(*in_name_order()))
    created = main.apply().applied()
    assert {one["type"] for one in main.resources()} == set(terraform_kinds.RESOURCES)
    main.expect_no_changes()

    main.variables["edition"] = "second"
    changed = main.apply().applied()
    assert set(changed.values()) == {"update"}
    untouched = {address.partition(".")[0] for address in set(created) - set(changed)}
    assert untouched == terraform_kinds.WITHOUT_CHANGE
    main.expect_no_changes()

    expect_import(main, workspace)
    expect_recreation(server, token, main)
    last = main.resources()
    removed = main.destroy().applied()
    assert set(removed) == {one["address"] for one in last}
    for resource in filter(lambda one: of_kind(one).path, last):
        assert call(server, token, "GET", resource).status_code == 404, resource["address"]


def expect_import(main, workspace):
    """Imports what can be imported into a state without it. Only attributes that no import can read may differ."""
    kinds = [kind for kind in in_name_order() if kind not in terraform_kinds.WITHOUT_IMPORT]
    imported = workspace("imported", *files(*kinds))
    imported.variables = main.variables
    ids = {one["address"]: one["values"]["id"] for one in main.resources() if of_kind(one).imports}
    blocks = [f"import {{\n  to = {address}\n  id = {json.dumps(id)}\n}}\n" for address, id in ids.items()]
    (imported.folder / "imports.tf").write_text("\n".join(blocks))
    imported.plan("-out=plan")
    changes = imported.read("show", "-json", "plan")["resource_changes"]
    assert {one["address"] for one in changes if one["change"].get("importing")} == set(ids)
    differing = {kind: set() for kind in kinds if kind in terraform_kinds.RESOURCES}
    for one in changes:
        before, after = one["change"]["before"], one["change"]["after"]
        if one["mode"] == "managed":
            differing[one["type"]] |= {name for name in after if before[name] != after[name]}
    expected = {kind: terraform_kinds.RESOURCES[kind].not_imported for kind in differing}
    assert {kind: names for kind, names in differing.items() if names != expected[kind]} == {}
    imported.apply()
    imported.expect_no_changes()


def expect_recreation(server, token, main):
    """Deletes all objects by the API, those that others refer to last. The next apply creates them again."""
    remaining = {one["address"]: one for one in main.resources() if of_kind(one).recreated}
    expected, deleted = set(remaining), set()
    while remaining:
        needed = {address for one in remaining.values() for address in one.get("depends_on", [])}
        for address in set(remaining) - needed:
            resource = remaining.pop(address)
            # The two resources of an AWS integration have one object.
            if resource["values"]["id"] not in deleted:
                deleted.add(resource["values"]["id"])
                response = call(server, token, "DELETE", resource)
                assert response.status_code in (200, 204), f"{address}: {response.text}"
    applied = main.apply().applied()
    assert {address for address, action in applied.items() if action == "create"} == expected
    main.expect_no_changes()


def test_twenty_modules_are_applied_in_parallel_and_removed(workspace):
    company = workspace("company", CONFIGURATIONS / "company.tf", CONFIGURATIONS / "modules")
    company.run("get")
    created = company.apply().applied()
    assert len({address.rpartition(".signalfx_")[0] for address in created}) == 20
    company.expect_no_changes()
    assert set(company.destroy().applied()) == set(created)


@pytest.mark.parametrize("role", ["power", "read_only"])
def test_a_user_with_fewer_rights_changes_nothing(server, token, workspace, role):
    main = workspace("protected", CONFIGURATIONS / "protected.tf")
    main.variables["owner"] = role
    main.apply()
    resources = main.resources()
    before = [call(server, token, "GET", one).json() for one in resources]
    [detector] = [one for one in resources if one["type"] == "signalfx_detector"]
    main.token = server.token(server.person("Grace Hopper", role))
    main.variables |= {"edition": "second", "writer": detector["values"]["authorized_writer_users"][0]}
    result = main.try_apply()
    assert result.status == 1 and not result.applied()
    assert {one["address"] for one in result.errors} == set(DENIED[role]), result.described()
    for error in result.errors:
        text = error["summary"] + error["detail"]
        assert "status code 403" in text and DENIED[role][error["address"]] in text, error
    assert [call(server, token, "GET", one).json() for one in resources] == before


def test_the_provider_signs_in_with_an_email_address_and_a_password(server, token, workspace):
    main = workspace("sign-in", CONFIGURATIONS / "sign_in.tf", token="")
    organization = requests.get(
        f"{server.address}/v2/organization", headers={"X-SF-TOKEN": token}, timeout=TIMEOUT_SECONDS
    )
    main.variables |= {"password": server.administrator.password, "organization_id": organization.json()["id"]}
    assert set(main.apply().applied()) == {"signalfx_text_chart.main"}
    main.expect_no_changes()
