-- What readers of texts (annotators) found, by the text they read: a text that stands twice is read
-- once, and one that a later export changed is another text.
create table annotated (
    text ubigint not null,           -- hash of the text, see the view texts
    annotator varchar not null,
    version integer not null,
    found integer not null           -- how many annotations it has
);
create table annotation (
    text ubigint not null,
    annotator varchar not null,
    version integer not null,
    label varchar not null,
    certainty double,                -- 0 to 1; null where the annotator does not say
    "start" integer,                 -- in characters; null for the whole text
    "end" integer
);
