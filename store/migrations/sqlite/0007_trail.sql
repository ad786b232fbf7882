-- The trail, page by page: newest first, along a person, a token, an object, an address, a kind of thing, an action, or
-- what was refused, each from any moment on.
DROP INDEX audit_event_object;
DROP INDEX audit_event_actor;
DROP INDEX audit_event_token;
DROP INDEX audit_event_at;
CREATE INDEX audit_event_trail ON audit_event (organization_id, at, number);
CREATE INDEX audit_event_by_object ON audit_event (object_id, at, number);
CREATE INDEX audit_event_by_actor ON audit_event (actor_id, at, number);
CREATE INDEX audit_event_by_token ON audit_event (token_id, at, number) WHERE token_id IS NOT NULL;
CREATE INDEX audit_event_by_address ON audit_event (address, at, number);
CREATE INDEX audit_event_by_kind ON audit_event (object_type, at, number);
CREATE INDEX audit_event_by_action ON audit_event (action, at, number);
CREATE INDEX audit_event_refused ON audit_event (organization_id, at, number) WHERE outcome <> 'done';

-- Calls that read and calls that write, as one: from the oldest on by the first of a block, from the newest by its last.
CREATE INDEX call_block_oldest ON call_block (first_at, id);
CREATE INDEX call_block_newest ON call_block (last_at, id);
