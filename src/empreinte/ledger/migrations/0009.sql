-- What was bought: from shops, and from what banks and tills tell.
create table purchase (
    platform varchar not null, id varchar not null, account_id varchar,
    seller varchar, item varchar,
    amount double,                   -- paid, above zero; null where it is not told
    currency varchar,                -- ISO 4217
    kind varchar,                    -- goods | digital | subscription
    "at" timestamp,
    seen timestamp not null, import_id varchar not null, file varchar not null,
    place bigint not null, number bigint
);
create table purchase_version as
    select true as same, * exclude (platform, id) from purchase limit 0;
