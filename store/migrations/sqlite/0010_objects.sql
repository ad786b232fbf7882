-- What came of the last validation of each integration.
CREATE TABLE integration_check (
    object_id TEXT NOT NULL PRIMARY KEY REFERENCES object (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    failure TEXT NOT NULL
);

-- Charts are found by the detectors they name.
INSERT INTO object_ref (object_id, relation, value)
SELECT DISTINCT chart.id, 'detector', named.value
FROM object chart, json_each(chart.document, '$.relatedDetectorIds') named
WHERE chart.kind = 'chart' AND json_type(chart.document, '$.relatedDetectorIds') = 'array';
