"""What `schemathesis` cannot know by itself: that a protobuf message is bytes."""

import schemathesis

schemathesis.serializer.alias("application/x-protobuf", "application/octet-stream")
