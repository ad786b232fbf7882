-- Integrations are found by whether they are enabled.
INSERT INTO object_ref (object_id, relation, value)
SELECT id, 'state', CASE WHEN document::json ->> 'enabled' = 'false' THEN 'disabled' ELSE 'enabled' END
FROM object WHERE kind = 'integration';
