"""The unmodified PyPI package `signalfx`: its ingest client in both encodings, compressed and uncompressed. Delivery of
the data if the upstream or the server fails."""

import http.server
import threading
import time

import pytest
import requests
import signalfx
from signalfx.generated_protocol_buffers import signal_fx_protocol_buffers_pb2 as messages
from signalfx.ingest import JsonSignalFxIngestClient, ProtoBufSignalFxIngestClient

import databases
from countersign import TIMEOUT_SECONDS, Server

TIMESTAMP_MS = 1798034709000
"""A timestamp in milliseconds since 1970 UTC."""

DIMENSIONS = {"host": "web-1"}


def get_json(server, token, path):
    """The JSON response to a GET request with this token."""
    response = requests.get(f"{server.address}{path}", headers={"X-SF-TOKEN": token}, timeout=TIMEOUT_SECONDS)
    assert response.status_code == 200, response.text
    return response.json()


def ingest_secret(server, token, name):
    """Issues an org token that may send data and returns its secret."""
    response = requests.post(
        f"{server.address}/v2/token",
        json={"name": name, "authScopes": ["INGEST"]},
        headers={"X-SF-TOKEN": token},
        timeout=TIMEOUT_SECONDS,
    )
    assert response.status_code == 200, response.text
    return response.json()["secret"]


def recent(server, token, name, kind):
    """The items that this org token sent recently, oldest first."""
    batches = get_json(server, token, f"/v2/ingest/recent?token={name}&kind={kind}&limit=100")["results"]
    return [item for batch in reversed(batches) for item in batch["data"]]


@pytest.mark.parametrize("compress", [True, False])
@pytest.mark.parametrize("client", [ProtoBufSignalFxIngestClient, JsonSignalFxIngestClient])
def test_datapoints_and_events_are_accepted(server, token, client, compress):
    name = f"{client.__name__}-{compress}"
    secret = ingest_secret(server, token, name)
    with client(secret, endpoint=server.address, compress=compress) as ingest:
        ingest.send(
            gauges=[{"metric": "cpu.load", "value": 0.5, "timestamp": TIMESTAMP_MS, "dimensions": dict(DIMENSIONS)}],
            counters=[{"metric": "requests", "value": 3, "timestamp": TIMESTAMP_MS}],
            cumulative_counters=[{"metric": "bytes", "value": 123456789012, "timestamp": TIMESTAMP_MS}],
        )
        properties = {"version": "1.2.3", "canary": True, "replicas": 3, "share": 0.25}
        ingest.send_event("deployment", dimensions=dict(DIMENSIONS), properties=properties, timestamp=TIMESTAMP_MS)
        ingest.send_event("outage", category="ALERT")
    points = sorted(recent(server, token, name, "datapoint"), key=lambda point: point["metric"])
    expected = [("cumulative_counter", "bytes", 123456789012, {}), ("gauge", "cpu.load", 0.5, DIMENSIONS), ("counter", "requests", 3, {})]
    assert [(point["type"], point["metric"], point["value"], point["dimensions"]) for point in points] == expected
    assert {point["timestamp"] for point in points} == {TIMESTAMP_MS}
    deployment, outage = recent(server, token, name, "event")
    assert deployment == {
        "eventType": "deployment",
        "category": "USER_DEFINED",
        "timestamp": TIMESTAMP_MS,
        "dimensions": DIMENSIONS,
        "properties": properties,
    }
    assert (outage["eventType"], outage["category"]) == ("outage", "ALERT")
    counted = get_json(server, token, f"/v2/token/{name}/ingest")
    assert (counted["datapoints"], counted["events"], counted["refused"], counted["dropped"]) == (3, 2, 0, 0)


def test_a_user_token_cannot_send_data(server, token):
    before = get_json(server, token, "/v2/ingest/recent?limit=1")["results"]
    with signalfx.SignalFx(ingest_endpoint=server.address).ingest(token) as ingest:
        ingest.send(gauges=[{"metric": "cpu.load", "value": 1}])
        ingest.send_event("deployment")
    assert get_json(server, token, "/v2/ingest/recent?limit=1")["results"] == before
    for org_token in get_json(server, token, "/v2/token?limit=100")["results"]:
        counted = get_json(server, token, f"/v2/token/{org_token['name']}/ingest")
        assert counted["refused"] == 0, counted


class Upstream(http.server.ThreadingHTTPServer):
    """A server that data is forwarded to, which can simulate an outage."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.is_down = False
        self.values = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def wait_for(self, count):
        """Waits until this many datapoints are received and returns their values in order of receipt."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while len(self.values) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        # Allow time for a duplicate delivery, which the caller would then detect.
        time.sleep(0.2)
        return list(self.values)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        is_accepted = not self.server.is_down and self.headers["X-SF-TOKEN"] == "upstream's secret"
        if is_accepted:
            upload = messages.DataPointUploadMessage.FromString(body)
            self.server.values += [point.value.intValue for point in upload.datapoints]
        response = b'"OK"'
        self.send_response(200 if is_accepted else 503)
        self.send_header("Content-Length", str(len(response)))
        self.end_headers()
        self.wfile.write(response)

    def log_message(self, *arguments):
        pass


@pytest.mark.parametrize("kind", databases.kinds())
def test_acknowledged_data_is_delivered_once_despite_crashes_and_outages(kind, tmp_path):
    upstream = Upstream()
    (tmp_path / "upstream.token").write_text("upstream's secret\n")
    (tmp_path / "countersign.toml").write_text(
        f'ingest_upstream = "http://127.0.0.1:{upstream.server_port}"\n'
        f'ingest_upstream_token_file = "{tmp_path / "upstream.token"}"\n'
        f'ingest_folder = "{tmp_path / "queue"}"\n'
    )
    server = Server(tmp_path, databases.create(kind, tmp_path))
    secret = ingest_secret(server, server.token(), "agent")
    acknowledged = 0

    def send(count):
        nonlocal acknowledged
        with requests.Session() as session:
            session.headers["X-SF-TOKEN"] = secret
            for _ in range(count):
                body = {"gauge": [{"metric": "cpu", "value": acknowledged}]}
                response = session.post(f"{server.address}/v2/datapoint", json=body, timeout=TIMEOUT_SECONDS)
                assert (response.status_code, response.text) == (200, '"OK"')
                acknowledged += 1

    send(50)
    assert upstream.wait_for(50) == list(range(50))
    for _ in range(3):
        upstream.is_down = True
        send(50)
        server.kill()
        server.start()
        send(50)
        upstream.is_down = False
        assert upstream.wait_for(acknowledged) == list(range(acknowledged))
    server.stop()
    assert "upstream's secret" not in (tmp_path / "log").read_text()
    upstream.shutdown()
