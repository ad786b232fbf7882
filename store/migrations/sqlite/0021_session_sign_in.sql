-- When the password was last entered in the browser of a session. A session that timed out is continued by a sign-in.
ALTER TABLE session ADD COLUMN authenticated_at BIGINT;
