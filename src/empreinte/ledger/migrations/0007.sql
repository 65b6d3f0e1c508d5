-- What the owner told by a form, and what a lens foretold: one row a form, or a key of a series.
create table entry (
    asker varchar not null,          -- the lens that offers the form
    form varchar not null,
    key varchar not null,            -- '' for a form that is told once
    teller varchar not null,         -- owner | lens
    fields varchar not null,         -- JSON object
    told timestamp not null,
    hash varchar not null            -- SHA-256 of all but `told`, see empreinte.forms
);

-- What the bytes of a file come to, by which the good copy of an archive that failed is known.
alter table file add column checksum varchar;
