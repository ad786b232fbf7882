-- Searches in long lists find the rows with a text by its trigrams. A row has a number of its own there, because the
-- numbers that the database gives to rows change with VACUUM.
CREATE TABLE text_key (
    number INTEGER NOT NULL PRIMARY KEY,
    list TEXT NOT NULL,
    id TEXT NOT NULL,
    UNIQUE (list, id)
);

CREATE VIRTUAL TABLE member_text USING fts5 (
    name_folded, email, roles,
    content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
INSERT INTO text_key (list, id) SELECT 'member', id FROM member;
INSERT INTO member_text (rowid, name_folded, email, roles)
    SELECT k.number, r.name_folded, r.email, ',' || r.roles || ','
    FROM member r JOIN text_key k ON k.list = 'member' AND k.id = r.id;
CREATE TRIGGER member_text_insert AFTER INSERT ON member BEGIN
    INSERT INTO text_key (list, id) VALUES ('member', NEW.id);
    INSERT INTO member_text (rowid, name_folded, email, roles)
        SELECT number, NEW.name_folded, NEW.email, ',' || NEW.roles || ','
        FROM text_key WHERE list = 'member' AND id = NEW.id;
END;
CREATE TRIGGER member_text_update AFTER UPDATE OF name_folded, email, roles ON member
WHEN NEW.name_folded IS NOT OLD.name_folded OR NEW.email IS NOT OLD.email OR NEW.roles IS NOT OLD.roles BEGIN
    DELETE FROM member_text WHERE rowid = (SELECT number FROM text_key WHERE list = 'member' AND id = NEW.id);
    INSERT INTO member_text (rowid, name_folded, email, roles)
        SELECT number, NEW.name_folded, NEW.email, ',' || NEW.roles || ','
        FROM text_key WHERE list = 'member' AND id = NEW.id;
END;
CREATE TRIGGER member_text_delete AFTER DELETE ON member BEGIN
    DELETE FROM member_text WHERE rowid = (SELECT number FROM text_key WHERE list = 'member' AND id = OLD.id);
    DELETE FROM text_key WHERE list = 'member' AND id = OLD.id;
END;

CREATE VIRTUAL TABLE org_token_text USING fts5 (
    name_folded, description_folded,
    content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
INSERT INTO text_key (list, id) SELECT 'org_token', id FROM org_token;
INSERT INTO org_token_text (rowid, name_folded, description_folded)
    SELECT k.number, r.name_folded, r.description_folded
    FROM org_token r JOIN text_key k ON k.list = 'org_token' AND k.id = r.id;
CREATE TRIGGER org_token_text_insert AFTER INSERT ON org_token BEGIN
    INSERT INTO text_key (list, id) VALUES ('org_token', NEW.id);
    INSERT INTO org_token_text (rowid, name_folded, description_folded)
        SELECT number, NEW.name_folded, NEW.description_folded
        FROM text_key WHERE list = 'org_token' AND id = NEW.id;
END;
CREATE TRIGGER org_token_text_update AFTER UPDATE OF name_folded, description_folded ON org_token
WHEN NEW.name_folded IS NOT OLD.name_folded OR NEW.description_folded IS NOT OLD.description_folded BEGIN
    DELETE FROM org_token_text WHERE rowid = (SELECT number FROM text_key WHERE list = 'org_token' AND id = NEW.id);
    INSERT INTO org_token_text (rowid, name_folded, description_folded)
        SELECT number, NEW.name_folded, NEW.description_folded
        FROM text_key WHERE list = 'org_token' AND id = NEW.id;
END;
CREATE TRIGGER org_token_text_delete AFTER DELETE ON org_token BEGIN
    DELETE FROM org_token_text WHERE rowid = (SELECT number FROM text_key WHERE list = 'org_token' AND id = OLD.id);
    DELETE FROM text_key WHERE list = 'org_token' AND id = OLD.id;
END;

CREATE VIRTUAL TABLE invitation_text USING fts5 (
    email, name_folded,
    content = '', contentless_delete = 1, tokenize = 'trigram case_sensitive 1'
);
INSERT INTO text_key (list, id) SELECT 'invitation', id FROM invitation;
INSERT INTO invitation_text (rowid, email, name_folded)
    SELECT k.number, r.email, r.name_folded
    FROM invitation r JOIN text_key k ON k.list = 'invitation' AND k.id = r.id;
CREATE TRIGGER invitation_text_insert AFTER INSERT ON invitation BEGIN
    INSERT INTO text_key (list, id) VALUES ('invitation', NEW.id);
    INSERT INTO invitation_text (rowid, email, name_folded)
        SELECT number, NEW.email, NEW.name_folded
        FROM text_key WHERE list = 'invitation' AND id = NEW.id;
END;
CREATE TRIGGER invitation_text_update AFTER UPDATE OF email, name_folded ON invitation
WHEN NEW.email IS NOT OLD.email OR NEW.name_folded IS NOT OLD.name_folded BEGIN
    DELETE FROM invitation_text WHERE rowid = (SELECT number FROM text_key WHERE list = 'invitation' AND id = NEW.id);
    INSERT INTO invitation_text (rowid, email, name_folded)
        SELECT number, NEW.email, NEW.name_folded
        FROM text_key WHERE list = 'invitation' AND id = NEW.id;
END;
CREATE TRIGGER invitation_text_delete AFTER DELETE ON invitation BEGIN
    DELETE FROM invitation_text WHERE rowid = (SELECT number FROM text_key WHERE list = 'invitation' AND id = OLD.id);
    DELETE FROM text_key WHERE list = 'invitation' AND id = OLD.id;
END;

CREATE INDEX org_token_disabled ON org_token (organization_id, id) WHERE disabled;
CREATE INDEX member_disabled ON member (organization_id, id) WHERE disabled_at IS NOT NULL AND removed_at IS NULL;

-- Names whose escaped form could mean another token, which each new name is compared with.
CREATE INDEX org_token_escaped ON org_token (organization_id, id, name) WHERE replace(name, '%', '') <> name;
