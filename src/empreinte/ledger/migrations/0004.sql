-- What the owner has ticked off: the key of a row of a report, which tells nothing of its content.
create table tick (key varchar not null, "at" timestamp not null);
