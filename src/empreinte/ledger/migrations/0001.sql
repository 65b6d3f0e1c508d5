-- The first schema. Times are UTC. `seen` is the date of the latest export that holds the row;
-- with `import_id`, `file` and `place` it says where the row comes from. No index and no primary
-- key: merging is an anti-join (see ingest.py), four times faster and without the memory an
-- index takes.

create table import (
    import_id varchar not null,      -- hash of source, names and contents: same export, same id
    source varchar not null,
    source_version integer not null,
    path varchar not null,
    root varchar not null,           -- where in the container it stands
    observed timestamp not null,     -- when the platform made the export
    imported timestamp not null,
    owner_platform varchar,
    owner_id varchar,
    kept varchar not null,           -- JSON object: records that were new, per kind
    known varchar not null,          -- JSON object: records that were there already
    rejected bigint not null
);

create table file (
    import_id varchar not null,
    name varchar not null,
    status varchar not null,         -- read | not needed | not understood | failed
    records bigint not null,
    template varchar,                -- the reason: a message id
    "values" varchar                 -- and JSON object of what goes into its places
);

create table account (
    platform varchar not null, id varchar not null,
    handle varchar, name varchar, url varchar, summary varchar, published timestamp,
    is_owner boolean not null, whole boolean not null,
    seen timestamp not null, import_id varchar not null, file varchar not null, place bigint not null
);

create table ownership (             -- the owner's corrections, see `empreinte mine`
    platform varchar not null, id varchar not null, mine boolean not null
);

create table post (
    platform varchar not null, id varchar not null,
    type varchar not null, author_id varchar, channel_id varchar,
    content varchar, title varchar, url varchar, language varchar,
    published timestamp, updated timestamp, offset_min smallint, visibility varchar,
    in_reply_to varchar, in_reply_to_author varchar, quote_of varchar,
    tags varchar[], mentions varchar[], links varchar[], media varchar[],
    place_name varchar, latitude double, longitude double, deleted timestamp,
    seen timestamp not null, import_id varchar not null, file varchar not null, place bigint not null
);

create table activity (
    key varchar not null,            -- md5 of platform and id, or of platform and the four
    platform varchar not null, id varchar, type varchar not null, actor_id varchar,
    object_id varchar, object_type varchar not null, object_author varchar,
    published timestamp, content varchar, url varchar, via varchar,
    seen timestamp not null, import_id varchar not null, file varchar not null, place bigint not null
);

create table metric (
    platform varchar not null, subject_type varchar not null, subject_id varchar not null,
    name varchar not null, value double not null, observed timestamp not null,
    seen timestamp not null, import_id varchar not null, file varchar not null, place bigint not null
);

create table roster (
    platform varchar not null, account_id varchar not null, name varchar not null,
    observed timestamp not null,
    seen timestamp not null, import_id varchar not null, file varchar not null, place bigint not null
);

create table roster_member (
    platform varchar not null, account_id varchar not null, name varchar not null,
    observed timestamp not null, member_id varchar not null,
    seen timestamp not null, import_id varchar not null, file varchar not null, place bigint not null
);

create table trace (
    key varchar not null,
    platform varchar not null, account_id varchar, kind varchar not null, label varchar not null,
    "at" timestamp, detail varchar,  -- JSON object
    seen timestamp not null, import_id varchar not null, file varchar not null, place bigint not null
);

create table reject (
    import_id varchar not null, file varchar not null, place bigint not null,
    template varchar not null, "values" varchar not null, raw varchar not null
);

create table setting (name varchar not null, value varchar not null);

create table feed (                  -- what `empreinte follow` remembers of an address
    url varchar not null, etag varchar, modified varchar, fetched timestamp, status integer
);
