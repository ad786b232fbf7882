-- Searches in long lists find the rows with a text by its trigrams. The extension is part of PostgreSQL's own
-- distribution, but a database may not offer it, or its user may not create it: then searches read the whole list
-- (docs/operations.md#long-lists).
DO $$
DECLARE
    place text;
BEGIN
    BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
    EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
        RAISE WARNING 'Searches in long lists are slow, because the extension pg_trgm cannot be created: %', SQLERRM;
        RETURN;
    END;
    -- The extension may be in a schema that is not searched.
    SELECT n.nspname INTO place FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname = 'pg_trgm';
    EXECUTE format('CREATE INDEX member_by_text ON member USING gin (name_folded %1$I.gin_trgm_ops, '
        'email %1$I.gin_trgm_ops, ('','' || roles || '','') %1$I.gin_trgm_ops)', place);
    EXECUTE format('CREATE INDEX org_token_by_text ON org_token USING gin (name_folded %1$I.gin_trgm_ops, '
        'description_folded %1$I.gin_trgm_ops)', place);
    EXECUTE format('CREATE INDEX invitation_by_text ON invitation USING gin (email %1$I.gin_trgm_ops, '
        'name_folded %1$I.gin_trgm_ops)', place);
END
$$;

CREATE INDEX org_token_disabled ON org_token (organization_id, id) WHERE disabled;
CREATE INDEX member_disabled ON member (organization_id, id) WHERE disabled_at IS NOT NULL AND removed_at IS NULL;

-- Names whose escaped form could mean another token, which each new name is compared with.
CREATE INDEX org_token_escaped ON org_token (organization_id, id, name) WHERE replace(name, '%', '') <> name;
