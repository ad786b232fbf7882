"""Settings that `schemathesis` cannot derive from the OpenAPI document: a protobuf message is sent as bytes."""

import schemathesis

schemathesis.serializer.alias("application/x-protobuf", "application/octet-stream")
