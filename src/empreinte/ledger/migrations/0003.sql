-- What each export held of its owner, file by file: without it, what a later export lacks cannot
-- be told from what it never covered. `kind` is the file's name without numbers of parts;
-- `whole` tells whether it is a list of all and was read: nothing failed, nothing was rejected, no
-- field of it has vanished or is new, and its posts stand in no other file of the export.
create table held (
    import_id varchar not null, platform varchar not null, account_id varchar not null,
    what varchar not null,           -- posts | followers | following
    file varchar not null, kind varchar not null, records bigint not null,
    first timestamp, last timestamp, -- dates of its earliest and latest post
    whole boolean not null
);
insert into held
with bad as (
    select import_id, name as file from file where status = 'failed' or drift is not null
    union select import_id, file from reject
), found as (
    select p.import_id, p.platform, coalesce(p.channel_id, p.author_id) as account_id,
           'posts' as what, p.file, count(*) as records, min(p.published) as first,
           max(p.published) as last
    from post p
    join import i on i.import_id = p.import_id and i.owner_platform = p.platform
                 and i.owner_id = coalesce(p.channel_id, p.author_id)
    group by all
    union all
    select import_id, platform, account_id, name, file, 1, null, null from roster
)
select f.import_id, f.platform, f.account_id, f.what, f.file,
       regexp_replace(lower(f.file), '[-_ (]*(part)?[-_ ]*[0-9]+\)?', '', 'g'),
       f.records, f.first, f.last,
       not exists (from bad b where b.import_id = f.import_id and b.file = f.file)
from found f;

-- Posts that say the same on several channels within a day (see crossposts.py): one row a post.
-- `message` is "platform:id" of the first of them.
create table crosspost (
    platform varchar not null, id varchar not null, message varchar not null,
    similarity double not null       -- with the nearest of the others, 0 to 1
);

-- Accounts that the owner said are one person's, two by two; `platform:id` < `other_…`.
create table joined (
    platform varchar not null, id varchar not null,
    other_platform varchar not null, other_id varchar not null
);
