"""The unmodified PyPI package `signalfx`: all calls of its REST client to the control plane."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import signalfx

MANY = 250
"""More than two pages of the size that the package requests."""

UNKNOWN = "AAAAAAAAAAE"
"""A well-formed id that does not exist."""

PROGRAM = "A = data('cpu.utilization').mean(); detect(when(A > 90)).publish('too hot')"


@pytest.fixture(scope="module")
def product(server):
    """The package, configured with the server's address."""
    return signalfx.SignalFx(api_endpoint=server.address)


@pytest.fixture(scope="module")
def rest(product, token):
    """The package's REST client, with an administrator's token."""
    with product.rest(token) as client:
        yield client


def detector(name, **fields):
    """A detector as a script would define it."""
    rule = {"severity": "Critical", "detectLabel": "too hot", "notifications": []}
    return {"name": name, "programText": PROGRAM, "rules": [rule], **fields}


def in_parallel(call, arguments):
    """Calls the function with each argument, in parallel, because sequential calls would take too long."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(call, arguments))


def expect_status(status, call, *arguments):
    """Expects that the call fails with this status."""
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
    expect_status(401, product.login, server.administrator.email, "not the password")
    with product.rest("not a token") as client:
        expect_status(401, client.get_organization)
        expect_status(401, client.get_detectors)


def test_a_detector_is_validated_created_changed_and_deleted(rest):
    definition = detector("Too hot", description="cpu", tags=["hardware"], maxDelay=60000)
    assert rest.validate_detector(definition) is None

    created = rest.create_detector(definition)
    assert created["name"] == "Too hot"
    assert created["programText"] == PROGRAM
    assert created["tags"] == ["hardware"]
    assert created["maxDelay"] == 60000
    assert created["created"] == created["lastUpdated"]
    assert rest.get_detector(created["id"]) == created

    changed = rest.update_detector(created["id"], {**created, "name": "Far too hot"})
    assert changed["name"] == "Far too hot"
    assert changed["id"] == created["id"]
    assert changed["lastUpdated"] > created["lastUpdated"]
    assert rest.get_detector(created["id"]) == changed

    assert rest.get_detector_events(created["id"]) == []
    assert rest.get_detector_incidents(created["id"]) == []

    assert rest.delete_detector(created["id"]).status_code == 204
    expect_status(404, rest.get_detector, created["id"])
    expect_status(404, rest.delete_detector, created["id"])


@pytest.mark.parametrize("program", ["", "detect(when(A > 1).publish('x')", "A = 'unclosed"])
def test_a_detector_with_an_invalid_program_is_rejected(rest, program):
    wrong = {**detector("Wrong"), "programText": program}
    expect_status(400, rest.validate_detector, wrong)
    expect_status(400, rest.create_detector, wrong)


def test_250_detectors_are_listed_page_by_page_and_deleted(rest):
    definitions = [detector(f"Paged {n}", tags=["paged", f"tenth-{n % 10}"]) for n in range(MANY)]
    created = in_parallel(rest.create_detector, definitions)
    ids = {one["id"] for one in created}
    assert len(ids) == MANY

    listed = rest.get_detectors(name="paged")
    assert [one["name"].startswith("Paged ") for one in listed] == [True] * MANY
    assert {one["id"] for one in listed} == ids
    assert len(rest.get_detectors(name="paged", batch_size=7)) == MANY
    assert len(rest.get_detectors(name="Paged 24")) == 11
    assert len(rest.get_detectors(tags=["tenth-3"])) == MANY // 10
    assert len(rest.get_detectors(tags=["tenth-3", "tenth-4"])) == 2 * MANY // 10
    assert ids <= {one["id"] for one in rest.get_detectors()}

    in_parallel(rest.delete_detector, ids)
    assert rest.get_detectors(name="paged") == []


def test_250_dashboards_and_their_group_are_read(rest, create):
    group = create("dashboardgroup?empty=true", {"name": "Many"})
    definitions = [{"name": f"Board {n}", "groupId": group["id"]} for n in range(MANY)]
    created = in_parallel(lambda one: create("dashboard", one), definitions)

    listed = rest.get_dashboards(name="board ")
    assert {one["id"]: one for one in listed} == {one["id"]: one for one in created}
    assert len(listed) == MANY
    assert len(rest.get_dashboards(name="Board 24", batch_size=3)) == 11
    assert rest.get_dashboards(name="no such board") == []

    held = rest.get_dashboard_group(group["id"])
    assert set(held["dashboards"]) == {one["id"] for one in created}
    assert rest.get_dashboard(created[0]["id"]) == created[0]


def test_250_dashboard_groups_are_listed_page_by_page(rest, create):
    created = in_parallel(lambda n: create("dashboardgroup?empty=true", {"name": f"Cluster {n}"}), range(MANY))
    listed = rest.get_dashboard_groups(name="cluster")
    assert len(listed) == MANY
    assert {one["id"] for one in listed} == {one["id"] for one in created}
    assert {one["id"] for one in created} <= {one["id"] for one in rest.get_dashboard_groups()}


def test_a_chart_is_read_as_created(rest, create):
    options = {"type": "TimeSeriesChart", "time": {"type": "relative", "range": 900000}, "unitPrefix": "Metric"}
    created = create("chart", {"name": "CPU", "programText": "data('cpu').publish('A')", "options": options})
    assert rest.get_chart(created["id"]) == created
    assert created["options"] == options


def test_there_are_no_incidents_to_read_or_clear(rest):
    assert rest.get_incidents() == []
    assert rest.get_incidents(offset=0, limit=10, include_resolved=True) == []
    expect_status(404, rest.get_incident, UNKNOWN)
    expect_status(404, rest.clear_incident, UNKNOWN)


@pytest.mark.parametrize("what", ["chart", "dashboard", "dashboard_group", "detector", "incident"])
def test_an_unknown_id_is_404_and_an_invalid_id_is_400(rest, what):
    read = getattr(rest, f"get_{what}")
    expect_status(404, read, UNKNOWN)
    expect_status(400, read, "not-an-id")


def test_data_links_are_read(server, rest, token):
    link = {"propertyName": "host", "targets": [{"type": "SPLUNK_LINK", "name": "logs"}]}
    headers = {"X-SF-TOKEN": token}
    made = requests.post(f"{server.address}/v2/crosslink", json=link, headers=headers, timeout=30)
    made.raise_for_status()
    link = made.json()
    assert rest.get_datalink(link["id"]) == link
    assert link in rest.get_datalinks(limit=MANY)["results"]
    expect_status(404, rest.get_datalink, UNKNOWN)


def test_metrics_dimensions_and_series_are_found_after_data_was_sent(server, rest, token):
    request = {"name": "catalog sender", "authScopes": ["INGEST"]}
    headers = {"X-SF-TOKEN": token}
    made = requests.post(f"{server.address}/v2/token", json=request, headers=headers, timeout=30)
    made.raise_for_status()
    gauge = {"metric": "cpu.utilization", "value": 0.5, "dimensions": {"host": "catalog-1"}}
    with signalfx.SignalFx(ingest_endpoint=server.address).ingest(made.json()["secret"]) as sender:
        sender.send(gauges=[gauge])

    assert rest.get_metric_by_name("cpu.utilization")["type"] == "GAUGE"
    found = rest.search_metrics("name:cpu.util*")
    assert (found["count"], found["results"][0]["name"]) == (1, "cpu.utilization")
    assert rest.get_dimension("host", "catalog-1")["value"] == "catalog-1"
    assert rest.search_dimensions("host:catalog-*", order_by="-value", limit=1)["count"] == 1
    series = rest.search_metric_time_series("sf_metric:cpu.utilization AND host:catalog-1")["results"][0]
    assert series["dimensions"] == {"host": "catalog-1"}
    assert rest.get_metric_time_series(series["id"]) == series
    expect_status(404, rest.get_metric_by_name, "no.such.metric")
    expect_status(404, rest.get_metric_time_series, UNKNOWN)
    expect_status(400, rest.search_metrics, "(cpu")

    changed = rest.update_dimension("host", "catalog-1", description="in the cellar", tags=["rack"])
    assert (changed["description"], changed["tags"]) == ("in the cellar", ["rack"])
    assert rest.get_dimension("host", "catalog-1") == changed
    changed = rest.update_metric_by_name("cpu.utilization", "gauge", custom_properties={"owner": "ops"})
    assert rest.get_metric_by_name("cpu.utilization") == changed
    assert rest.search_metric_time_series("owner:ops AND sf_tags:rack")["count"] == 1


def test_tags_are_made_found_and_deleted(rest):
    made = rest.update_tag("catalog-tag", description="of the shop")
    assert rest.get_tag("catalog-tag") == made
    assert rest.search_tags("name:catalog-tag")["results"] == [made]
    for _ in range(2):
        assert rest.delete_tag("catalog-tag").status_code == 204
    expect_status(404, rest.get_tag, "catalog-tag")


def test_a_reader_reads_and_changes_nothing(server, product, rest):
    created = rest.create_detector(detector("Read only"))
    reader = server.person("Karen Reader", "read_only")
    with product.rest(product.login(reader.email, reader.password)) as client:
        assert client.get_detector(created["id"]) == created
        expect_status(403, client.get_organization)
        expect_status(403, client.create_detector, detector("Mine"))
        expect_status(403, client.validate_detector, detector("Mine"))
        expect_status(403, client.update_detector, created["id"], created)
        expect_status(403, client.delete_detector, created["id"])


def test_an_address_with_a_trailing_slash_works(server):
    person = server.administrator
    product = signalfx.SignalFx(api_endpoint=f"{server.address}/")
    with product.rest(product.login(person.email, person.password)) as client:
        assert client.get_organization()["organizationName"] == "My organization"
        created = client.create_detector(detector("Slashes"))
        assert client.get_detector(created["id"]) == created
        client.delete_detector(created["id"])
