-- Names whose folded form is still to be filled in are found without looking at those that have one: after the
-- first start with `0014_lists.sql` there are none.
CREATE INDEX member_unfolded ON member (id) WHERE name_folded IS NULL;
CREATE INDEX token_unfolded ON token (id) WHERE name_folded IS NULL;
CREATE INDEX org_token_unfolded ON org_token (id) WHERE name_folded IS NULL;
