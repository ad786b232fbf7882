-- What came of the last validation of each integration.
CREATE TABLE integration_check (
    object_id TEXT NOT NULL PRIMARY KEY REFERENCES object (id) ON DELETE CASCADE,
    at BIGINT NOT NULL,
    failure TEXT NOT NULL
);

-- Charts are found by the detectors they name.
INSERT INTO object_ref (object_id, relation, value)
SELECT DISTINCT chart.id, 'detector', named.value
FROM object chart
CROSS JOIN LATERAL json_array_elements_text(
    CASE WHEN json_typeof(chart.document::json -> 'relatedDetectorIds') = 'array'
        THEN chart.document::json -> 'relatedDetectorIds' ELSE '[]'::json END
) AS named (value)
WHERE chart.kind = 'chart';
