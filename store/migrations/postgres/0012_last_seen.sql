-- When the browser of a sign-in last asked for a page. Gathered in memory and stored now and then, like a token's last use.
ALTER TABLE session ADD COLUMN last_seen_at BIGINT;
