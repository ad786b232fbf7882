"""The PyPI package `signalfx`, unmodified: its ingest client, in both its encodings, compressed and not; and what becomes
of what it sent when the upstream it is forwarded to, and the program itself, fail."""

import http.server
import threading
import time

import pytest
import requests
import signalfx
from signalfx.generated_protocol_buffers import signal_fx_protocol_buffers_pb2 as messages
from signalfx.ingest import JsonSignalFxIngestClient, ProtoBufSignalFxIngestClient

import databases
from countersign import PATIENCE_SECONDS, Server

MOMENT = 1798034709000
"""A timestamp."""

DIMENSIONS = {"host": "web-1"}


def asked(server, token, path):
    """What the program answers an administrator."""
    answer = requests.get(f"{server.address}{path}", headers={"X-SF-TOKEN": token}, timeout=PATIENCE_SECONDS)
    assert answer.status_code == 200, answer.text
    return answer.json()


def sender(server, token, name):
    """The secret of a new org token that may send data."""
    answer = requests.post(
        f"{server.address}/v2/token",
        json={"name": name, "authScopes": ["INGEST"]},
        headers={"X-SF-TOKEN": token},
        timeout=PATIENCE_SECONDS,
    )
    assert answer.status_code == 200, answer.text
    return answer.json()["secret"]


def recent(server, token, name, kind):
    """What this org token sent lately, item by item, the oldest first."""
    parcels = asked(server, token, f"/v2/ingest/recent?token={name}&kind={kind}&limit=100")["results"]
    return [item for parcel in reversed(parcels) for item in parcel["data"]]


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("client", [ProtoBufSignalFxIngestClient, JsonSignalFxIngestClient])
def test_datapoints_and_events_arrive(server, token, client, compress):
    name = f"{client.__name__}-{compress}"
    secret = sender(server, token, name)
    with client(secret, endpoint=server.address, compress=compress) as ingest:
        ingest.send(
            gauges=[{"metric": "cpu.load", "value": 0.5, "timestamp": MOMENT, "dimensions": dict(DIMENSIONS)}],
            counters=[{"metric": "requests", "value": 3, "timestamp": MOMENT}],
            cumulative_counters=[{"metric": "bytes", "value": 123456789012, "timestamp": MOMENT}],
        )
        properties = {"version": "1.2.3", "canary": True, "replicas": 3, "share": 0.25}
        ingest.send_event("deployment", dimensions=dict(DIMENSIONS), properties=properties, timestamp=MOMENT)
        ingest.send_event("outage", category="ALERT")
    points = sorted(recent(server, token, name, "datapoint"), key=lambda point: point["metric"])
    expected = [("cumulative_counter", "bytes", 123456789012, {}), ("gauge", "cpu.load", 0.5, DIMENSIONS), ("counter", "requests", 3, {})]
    assert [(point["type"], point["metric"], point["value"], point["dimensions"]) for point in points] == expected
    assert {point["timestamp"] for point in points} == {MOMENT}
    deployment, outage = recent(server, token, name, "event")
    assert deployment == {
        "eventType": "deployment",
        "category": "USER_DEFINED",
        "timestamp": MOMENT,
        "dimensions": DIMENSIONS,
        "properties": properties,
    }
    assert (outage["eventType"], outage["category"]) == ("outage", "ALERT")
    counted = asked(server, token, f"/v2/token/{name}/ingest")
    assert (counted["datapoints"], counted["events"], counted["refused"], counted["dropped"]) == (3, 2, 0, 0)


def test_a_users_token_sends_nothing(server, token):
    before = asked(server, token, "/v2/ingest/recent?limit=1")["results"]
    with signalfx.SignalFx(ingest_endpoint=server.address).ingest(token) as ingest:
        ingest.send(gauges=[{"metric": "cpu.load", "value": 1}])
        ingest.send_event("deployment")
    assert asked(server, token, "/v2/ingest/recent?limit=1")["results"] == before
    for org_token in asked(server, token, "/v2/token?limit=100")["results"]:
        counted = asked(server, token, f"/v2/token/{org_token['name']}/ingest")
        assert counted["refused"] == 0, counted


class Upstream(http.server.ThreadingHTTPServer):
    """A server that data is forwarded to, which can be away."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.is_away = False
        self.values = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def takes(self, count):
        """Waits until it has taken so many datapoints; their values in the order in which they came."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self.values) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        # What would come twice would come now.
        time.sleep(0.2)
        return list(self.values)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_taken = not self.server.is_away and self.headers["X-SF-TOKEN"] == "upstream's secret"
        if is_taken:
            upload = messages.DataPointUploadMessage.FromString(body)
            self.server.values += [point.value.intValue for point in upload.datapoints]
        answer = b'"OK"'
        self.send_response(200 if is_taken else 503)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *arguments):
        pass


@pytest.mark.parametrize("kind", databases.kinds())
def test_what_was_acknowledged_survives_a_kill_and_an_outage(kind, tmp_path):
    upstream = Upstream()
    (tmp_path / "upstream.token").write_text("upstream's secret\n")
    (tmp_path / "countersign.toml").write_text(
        f'ingest_upstream = "http://127.0.0.1:{upstream.server_port}"\n'
        f'ingest_upstream_token_file = "{tmp_path / "upstream.token"}"\n'
        f'ingest_folder = "{tmp_path / "queue"}"\n'
    )
    server = Server(tmp_path, databases.fresh(kind, tmp_path))
    secret = sender(server, server.token(), "agent")
    acknowledged = 0

    def send(count):
        nonlocal acknowledged
        with requests.Session() as session:
            session.headers["X-SF-TOKEN"] = secret
            for _ in range(count):
                body = {"gauge": [{"metric": "cpu", "value": acknowledged}]}
                answer = session.post(f"{server.address}/v2/datapoint", json=body, timeout=PATIENCE_SECONDS)
                assert (answer.status_code, answer.text) == (200, '"OK"')
                acknowledged += 1

    send(50)
    assert upstream.takes(50) == list(range(50))
    for _ in range(3):
        upstream.is_away = True
        send(50)
        server.kill()
        server.start()
        send(50)
        upstream.is_away = False
        assert upstream.takes(acknowledged) == list(range(acknowledged))
    server.stop()
    assert "upstream's secret" not in (tmp_path / "log").read_text()
    upstream.shutdown()
