-- Where the record goes on to, and how far: all rows of the seals up to this one, and so many rows of the next. One node
-- at a time feeds a sink; the moment up to which it may also tells the others that it is still there.
CREATE TABLE sink (
    name TEXT NOT NULL PRIMARY KEY,
    seal BIGINT NOT NULL,
    rows_done BIGINT NOT NULL,
    held_until BIGINT NOT NULL
);
