-- What the rows became that an event changed. Events of earlier versions have none.
ALTER TABLE audit_event ADD COLUMN state TEXT;

-- One row: the first event with states, when that was, and a MAC over both.
CREATE TABLE row_state_start (
    position BIGINT NOT NULL PRIMARY KEY,
    event BIGINT NOT NULL,
    at BIGINT NOT NULL,
    mac BYTEA NOT NULL
);
