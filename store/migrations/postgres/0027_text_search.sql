-- Searches in long lists find the rows with a text by its trigrams. The extension is part of PostgreSQL's own
-- distribution, but a database may not offer it: then searches read the whole list (docs/operations.md#long-lists).
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX member_by_text ON member
        USING gin (name_folded gin_trgm_ops, email gin_trgm_ops, (',' || roles || ',') gin_trgm_ops);
    CREATE INDEX org_token_by_text ON org_token
        USING gin (name_folded gin_trgm_ops, description_folded gin_trgm_ops);
    CREATE INDEX invitation_by_text ON invitation USING gin (email gin_trgm_ops, name_folded gin_trgm_ops);
EXCEPTION WHEN OTHERS THEN
    RAISE WARNING 'Searches in long lists are slow, because the extension pg_trgm cannot be used: %', SQLERRM;
END
$$;

CREATE INDEX org_token_disabled ON org_token (organization_id, id) WHERE disabled;
CREATE INDEX member_disabled ON member (organization_id, id) WHERE disabled_at IS NOT NULL AND removed_at IS NULL;
