"""The PyPI package `signalfx`, unmodified: everything its REST client can ask of the control plane."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
import signalfx

MANY = 250
"""More than two of the pages that the package asks for."""

UNKNOWN = "AAAAAAAAAAE"
"""An id that is well-formed and nobody's."""

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


def detector(name, **fields):
    """A detector as scripts write it."""
    rule = {"severity": "Critical", "detectLabel": "too hot", "notifications": []}
    return {"name": name, "programText": PROGRAM, "rules": [rule], **fields}


def many(act, arguments):
    """Does it with each of them, some at a time, in the time that one after the other would take too long for."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(act, arguments))


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


def test_a_detector_is_validated_made_changed_and_deleted(rest):
    wanted = detector("Too hot", description="cpu", tags=["hardware"], maxDelay=60000)
    assert rest.validate_detector(wanted) is None

    made = rest.create_detector(wanted)
    assert made["name"] == "Too hot"
    assert made["programText"] == PROGRAM
    assert made["tags"] == ["hardware"]
    assert made["maxDelay"] == 60000
    assert made["created"] == made["lastUpdated"]
    assert rest.get_detector(made["id"]) == made

    changed = rest.update_detector(made["id"], {**made, "name": "Far too hot"})
    assert changed["name"] == "Far too hot"
    assert changed["id"] == made["id"]
    assert changed["lastUpdated"] > made["lastUpdated"]
    assert rest.get_detector(made["id"]) == changed

    assert rest.get_detector_events(made["id"]) == []
    assert rest.get_detector_incidents(made["id"]) == []

    assert rest.delete_detector(made["id"]).status_code == 204
    refused(404, rest.get_detector, made["id"])
    refused(404, rest.delete_detector, made["id"])


@pytest.mark.parametrize("program", ["", "detect(when(A > 1).publish('x')", "A = 'unclosed"])
def test_a_detector_whose_program_cannot_be_is_refused(rest, program):
    wrong = {**detector("Wrong"), "programText": program}
    refused(400, rest.validate_detector, wrong)
    refused(400, rest.create_detector, wrong)


def test_250_detectors_are_listed_page_by_page_and_deleted(rest):
    wanted = [detector(f"Paged {n}", tags=["paged", f"tenth-{n % 10}"]) for n in range(MANY)]
    made = many(rest.create_detector, wanted)
    ids = {one["id"] for one in made}
    assert len(ids) == MANY

    listed = rest.get_detectors(name="paged")
    assert [one["name"].startswith("Paged ") for one in listed] == [True] * MANY
    assert {one["id"] for one in listed} == ids
    assert len(rest.get_detectors(name="paged", batch_size=7)) == MANY
    assert len(rest.get_detectors(name="Paged 24")) == 11
    assert len(rest.get_detectors(tags=["tenth-3"])) == MANY // 10
    assert len(rest.get_detectors(tags=["tenth-3", "tenth-4"])) == 2 * MANY // 10
    assert ids <= {one["id"] for one in rest.get_detectors()}

    many(rest.delete_detector, ids)
    assert rest.get_detectors(name="paged") == []


def test_250_dashboards_and_their_group_are_read(rest, make):
    group = make("dashboardgroup?empty=true", {"name": "Many"})
    wanted = [{"name": f"Board {n}", "groupId": group["id"]} for n in range(MANY)]
    made = many(lambda one: make("dashboard", one), wanted)

    listed = rest.get_dashboards(name="board ")
    assert {one["id"]: one for one in listed} == {one["id"]: one for one in made}
    assert len(listed) == MANY
    assert len(rest.get_dashboards(name="Board 24", batch_size=3)) == 11
    assert rest.get_dashboards(name="no board is called this") == []

    held = rest.get_dashboard_group(group["id"])
    assert set(held["dashboards"]) == {one["id"] for one in made}
    assert rest.get_dashboard(made[0]["id"]) == made[0]


def test_250_dashboard_groups_are_listed_page_by_page(rest, make):
    made = many(lambda n: make("dashboardgroup?empty=true", {"name": f"Cluster {n}"}), range(MANY))
    listed = rest.get_dashboard_groups(name="cluster")
    assert len(listed) == MANY
    assert {one["id"] for one in listed} == {one["id"] for one in made}
    assert {one["id"] for one in made} <= {one["id"] for one in rest.get_dashboard_groups()}


def test_a_chart_is_read_as_it_was_made(rest, make):
    options = {"type": "TimeSeriesChart", "time": {"type": "relative", "range": 900000}, "unitPrefix": "Metric"}
    made = make("chart", {"name": "CPU", "programText": "data('cpu').publish('A')", "options": options})
    assert rest.get_chart(made["id"]) == made
    assert made["options"] == options


def test_there_are_no_incidents_to_read_or_clear(rest):
    assert rest.get_incidents() == []
    assert rest.get_incidents(offset=0, limit=10, include_resolved=True) == []
    refused(404, rest.get_incident, UNKNOWN)
    refused(404, rest.clear_incident, UNKNOWN)


@pytest.mark.parametrize("what", ["chart", "dashboard", "dashboard_group", "detector", "incident"])
def test_what_is_not_there_is_404_and_what_is_no_id_is_400(rest, what):
    read = getattr(rest, f"get_{what}")
    refused(404, read, UNKNOWN)
    refused(400, read, "not-an-id")


def test_metrics_dimensions_tags_and_links_are_not_served(rest):
    refused(404, rest.search_metrics, "*")
    refused(404, rest.get_metric_by_name, "cpu.utilization")
    refused(404, rest.update_metric_by_name, "cpu.utilization", "gauge")
    refused(404, rest.search_dimensions, "*")
    refused(404, rest.get_dimension, "host", "a")
    refused(404, rest.update_dimension, "host", "a")
    refused(404, rest.search_metric_time_series, "*")
    refused(404, rest.get_metric_time_series, UNKNOWN)
    refused(404, rest.search_tags, "*")
    refused(404, rest.get_tag, "a")
    refused(404, rest.update_tag, "a")
    refused(404, rest.delete_tag, "a")
    refused(404, rest.get_datalinks)
    refused(404, rest.get_datalink, UNKNOWN)


def test_a_reader_reads_and_changes_nothing(server, product, rest):
    made = rest.create_detector(detector("Read only"))
    reader = server.person("Karen Reader", "read_only")
    with product.rest(product.login(reader.email, reader.password)) as client:
        assert client.get_detector(made["id"]) == made
        refused(403, client.get_organization)
        refused(403, client.create_detector, detector("Mine"))
        refused(403, client.validate_detector, detector("Mine"))
        refused(403, client.update_detector, made["id"], made)
        refused(403, client.delete_detector, made["id"])


def test_an_address_with_a_slash_at_its_end_works(server):
    person = server.administrator
    product = signalfx.SignalFx(api_endpoint=f"{server.address}/")
    with product.rest(product.login(person.email, person.password)) as client:
        assert client.get_organization()["organizationName"] == "My organization"
        made = client.create_detector(detector("Slashes"))
        assert client.get_detector(made["id"]) == made
        client.delete_detector(made["id"])
