-- The dimensions, metrics and tags that data was sent for or that requests created. The id follows from organization,
-- kind, name and value. name is the key of a dimension, whose value is in value; value is empty for the others. A row
-- that was gathered from data has the org token that sent it in created_via, and no updated_via until a request changes
-- it.
CREATE TABLE catalog_entry (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    metric_type TEXT,
    document TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_via TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_via TEXT
);
CREATE UNIQUE INDEX catalog_entry_by_name ON catalog_entry (organization_id, kind, name, value);

-- The names of the properties that requests gave to entries: a search for another name needs no documents.
CREATE TABLE catalog_property (
    organization_id TEXT NOT NULL,
    name TEXT NOT NULL,
    entry_id TEXT NOT NULL REFERENCES catalog_entry (id) ON DELETE CASCADE,
    PRIMARY KEY (organization_id, name, entry_id)
) WITHOUT ROWID;
CREATE INDEX catalog_property_by_entry ON catalog_property (entry_id);

-- Metric time series: a metric with dimensions, a JSON object. The id follows from organization, metric and dimensions.
-- created_at and last_at are when it was first and last seen.
CREATE TABLE metric_series (
    id TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    metric TEXT NOT NULL,
    metric_type TEXT NOT NULL,
    dimensions TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX metric_series_by_metric ON metric_series (organization_id, metric, id);
CREATE INDEX metric_series_by_last ON metric_series (last_at);

-- The series of a dimension. dimension_id is an id of catalog_entry, which may be missing when there are too many.
CREATE TABLE series_dimension (
    dimension_id TEXT NOT NULL,
    series_id TEXT NOT NULL REFERENCES metric_series (id) ON DELETE CASCADE,
    PRIMARY KEY (dimension_id, series_id)
) WITHOUT ROWID;
CREATE INDEX series_dimension_by_series ON series_dimension (series_id);
