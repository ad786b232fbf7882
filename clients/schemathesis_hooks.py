"""What `schemathesis` cannot derive from the OpenAPI document."""

import schemathesis

# A protobuf message is sent as bytes.
schemathesis.serializer.alias("application/x-protobuf", "application/octet-stream")


@schemathesis.hook
def before_call(context, case, kwargs):
    """Sends no idempotency keys in the stateful phase, which repeats them: the response to a repeated request names the
    object that the first request created, and another scenario may have deleted it."""
    if case.meta and case.meta.phase.name == "stateful" and case.headers:
        case.headers.pop("Idempotency-Key", None)
