-- The networks of failed sign-ins: an IPv4 address or an IPv6 /64 network, and an IPv6 /48 network. Rows from before
-- have none, and are deleted after a quarter of an hour.
ALTER TABLE sign_in_failure ADD COLUMN subnet TEXT NOT NULL DEFAULT '';
ALTER TABLE sign_in_failure ADD COLUMN site TEXT NOT NULL DEFAULT '';
DROP INDEX sign_in_failure_address;
CREATE INDEX sign_in_failure_subnet ON sign_in_failure (subnet, at);
CREATE INDEX sign_in_failure_site ON sign_in_failure (site, at);
