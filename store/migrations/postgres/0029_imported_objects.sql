-- The objects of other organizations that were imported, and what they became here, so that a repeated import changes
-- them instead of creating them again. The digests are keyed.
-- digest is that of the document that was stored here, source_digest that of the object at its source.
CREATE TABLE imported_object (
    organization_id TEXT NOT NULL REFERENCES organization (id),
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    source_id TEXT NOT NULL,
    object_id TEXT NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    digest BYTEA NOT NULL,
    source_digest BYTEA NOT NULL,
    PRIMARY KEY (organization_id, source, kind, source_id)
);
CREATE INDEX imported_object_by_object ON imported_object (object_id);
