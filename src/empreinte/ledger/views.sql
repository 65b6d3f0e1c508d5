-- The documented views: what lenses and `empreinte sql` ask. They carry the meaning, so that a
-- question stays a few lines. Dialect: what sqlglot carries over to Spark.

-- What a question is asked about are variables of the connection: since, until (UTC, not included)
-- and channels; unset, they leave nothing out. in_window(time): it is a time that is asked about;
-- what has no time is, if there is no window. in_channels(channel): it is asked about. The column
-- in_scope of a view says both. before_until(time): it is before the end of what is asked about.
create or replace macro before_until(t) as
    coalesce(t < cast(getvariable('until') as timestamp), getvariable('until') is null);
create or replace macro in_window(t) as
    coalesce(t >= cast(getvariable('since') as timestamp), getvariable('since') is null)
    and before_until(t);
create or replace macro in_channels(channel) as
    coalesce(list_contains(cast(getvariable('channels') as varchar[]), channel),
             getvariable('channels') is null);

-- mine: the owner's channels, one row each. `channel` is "platform:account id". shown: an archive
-- shows it to be the owner's; otherwise it is so by their word alone.
create or replace view mine as
select a.platform || ':' || a.id as channel, a.platform, a.id as account_id,
       a.handle, a.name, a.url, a.summary, a.published, a.is_owner as shown,
       a.import_id, a.file, a.place,
       in_channels(a.platform || ':' || a.id) as in_scope
from account a
left join ownership o on o.platform = a.platform and o.id = a.id
where coalesce(o.mine, a.is_owner);

-- posts: everything published, whoever by. `mine`: on one of the owner's channels.
-- kind: post, reply, quote, or the type in lower case (article, page, video, image, …).
-- is_public: others than those it is addressed to can see it, and it is still there.
create or replace view posts as
select p.platform, p.id, p.platform || ':' || coalesce(p.channel_id, p.author_id) as channel,
       m.channel is not null as mine,
       p.author_id, coalesce(a.handle, a.name, p.author_id) as author,
       case when p.in_reply_to is not null or p.in_reply_to_author is not null then 'reply'
            when p.quote_of is not null then 'quote'
            when p.type = 'Note' then 'post'
            else lower(p.type) end as kind,
       p.type, p.content, p.title, p.url, p.language, p.published, p.updated, p.offset_min,
       p.visibility, p.in_reply_to, p.in_reply_to_author, p.quote_of,
       p.tags, p.mentions, p.links, p.media, p.alt_texts, p.place_name, p.latitude, p.longitude, p.deleted,
       p.seen, p.import_id, p.file, p.place,
       p.deleted is null
           and coalesce(p.visibility, '') not in ('draft', 'private', 'direct') as is_public,
       in_window(p.published)
           and in_channels(p.platform || ':' || coalesce(p.channel_id, p.author_id)) as in_scope
from post p
left join mine m on m.platform = p.platform and m.account_id = coalesce(p.channel_id, p.author_id)
left join account a on a.platform = p.platform and a.id = p.author_id;

-- acts: who did what to whom, when. Activities, the Create that each post implies (its object is
-- the post answered, if any), and one Mention for each account mentioned. What nobody else could
-- see (drafts, comments that wait for approval) is no act.
create or replace view acts as
select c.platform, c.type, c.actor_id, coalesce(actor.handle, actor.name, c.actor_id) as actor,
       c.object_type, c.object_id, coalesce(c.object_author, target.author_id) as object_author,
       coalesce(target.channel_id, target.author_id, c.object_author) as object_channel,
       c.published, c.content, c.url, c.via,
       mine_actor.channel is not null as by_me, mine_object.channel is not null as to_me,
       c.seen, c.import_id, c.file, c.place
from (
    select platform, type, actor_id, object_type, object_id,
           case when object_type = 'account' then coalesce(object_author, object_id)
                else object_author end as object_author,
           published, content, url, via, seen, import_id, file, place
    from activity
    union all
    select platform, 'Create', coalesce(author_id, channel_id), 'post', in_reply_to,
           in_reply_to_author, published, content, url, null, seen, import_id, file, place
    from post where coalesce(visibility, '') not in ('draft', 'private')
    union all
    select platform, 'Mention', coalesce(author_id, channel_id), 'account', mentioned, mentioned,
           published, content, url, null, seen, import_id, file, place
    from (select *, unnest(mentions) as mentioned from post)
    where coalesce(visibility, '') not in ('draft', 'private')
) c
left join post target
       on target.platform = c.platform and target.id = c.object_id and c.object_type = 'post'
left join account actor on actor.platform = c.platform and actor.id = c.actor_id
left join mine mine_actor on mine_actor.platform = c.platform and mine_actor.account_id = c.actor_id
left join mine mine_object
       on mine_object.platform = c.platform
      and mine_object.account_id = coalesce(target.channel_id, target.author_id, c.object_author);

-- readings: every reading of every counter, oldest first if you order by observed.
create or replace view readings as
select platform, subject_type, subject_id, name, value, observed, seen, import_id, file, place
from metric;

-- daily: what a platform counted of one of the owner's channels on one day alone. Midnight of that
-- day, in whatever zone, is nearer to its own date in UTC than to another; by its noon it is in the
-- window, which begins and ends at the owner's midnight.
create or replace view daily as
select m.channel, r.platform, r.subject_id as account_id,
       regexp_replace(r.name, '_per_day$', '') as name, r."day", r.value, r.observed,
       m.in_scope and in_window(cast(r."day" as timestamp) + interval 12 hours) as in_scope,
       r.seen, r.import_id, r.file, r.place
from (select *, cast(observed + interval 12 hours as date) as "day" from metric) r
join mine m on m.platform = r.platform and m.account_id = r.subject_id
where r.subject_type = 'account' and ends_with(r.name, '_per_day');

-- response: one row for each post that has at least one counter: its latest readings.
-- A counter that the platform does not report is null, not 0.
create or replace view response as
select platform, subject_id as id,
       max_by(value, observed) filter (where name = 'likes') as likes,
       max_by(value, observed) filter (where name = 'shares') as shares,
       max_by(value, observed) filter (where name = 'replies') as replies,
       max_by(value, observed) filter (where name = 'views') as views,
       max_by(value, observed) filter (where name = 'quotes') as quotes,
       max_by(value, observed) filter (where name = 'bookmarks') as bookmarks,
       max(observed) as observed
from metric
where subject_type = 'post'
group by platform, subject_id;

-- followers: the owner's audience over time. basis: "count" as the platform wrote it, "roster"
-- the length of the list of followers in an export. in_scope: before the end of the window.
create or replace view followers as
select m.channel, r.observed, r.value, r.basis,
       m.in_scope and before_until(r.observed) as in_scope
from (
    select platform, subject_id as account_id, observed, value, 'count' as basis
    from metric where subject_type = 'account' and name = 'followers'
    union all
    select h.platform, h.account_id, h.observed, cast(count(x.member_id) as double), 'roster'
    from roster h
    left join roster_member x
           on x.platform = h.platform and x.account_id = h.account_id and x.name = h.name
          and x.observed = h.observed
    where h.name = 'followers'
      and not exists (select 1 from file f where f.import_id = h.import_id and f.name = h.file
                                             and f.status = 'failed')
    group by h.platform, h.account_id, h.observed
) r
join mine m on m.platform = r.platform and m.account_id = r.account_id;

-- roster_changes: who joined and who left between two rosters that follow each other. Rosters that
-- were not read completely are passed over: who is not in them may be there all the same.
create or replace view roster_changes as
with dates as (
    select platform, account_id, name, observed,
           lag(observed) over w as previous, lead(observed) over w as following
    from roster r
    where not exists (
        select 1 from held h
        where h.import_id = r.import_id and h.platform = r.platform
          and h.account_id = r.account_id and h.what = r.name and not h.whole
    )
    window w as (partition by platform, account_id, name order by observed)
)
select d.platform || ':' || d.account_id as channel, d.name, 'joined' as change,
       x.platform, x.member_id, coalesce(a.handle, a.name, x.member_id) as member,
       d.previous as after, d.observed as before
from dates d
join roster_member x on x.platform = d.platform and x.account_id = d.account_id
                    and x.name = d.name and x.observed = d.observed
left join roster_member p on p.platform = d.platform and p.account_id = d.account_id
                    and p.name = d.name and p.observed = d.previous and p.member_id = x.member_id
left join account a on a.platform = x.platform and a.id = x.member_id
where d.previous is not null and p.member_id is null
union all
select d.platform || ':' || d.account_id, d.name, 'left',
       x.platform, x.member_id, coalesce(a.handle, a.name, x.member_id),
       d.observed, d.following
from dates d
join roster_member x on x.platform = d.platform and x.account_id = d.account_id
                    and x.name = d.name and x.observed = d.observed
left join roster_member p on p.platform = d.platform and p.account_id = d.account_id
                    and p.name = d.name and p.observed = d.following and p.member_id = x.member_id
left join account a on a.platform = x.platform and a.id = x.member_id
where d.following is not null and p.member_id is null;

-- traces: what platforms know of someone. mine: on one of the owner's channels, or in an archive
-- that does not say whose it is. listed: an advertiser who gave the platform a list with them in it.
-- imports: what was dropped in.
create or replace view traces as
select t.platform, t.account_id, t.platform || ':' || t.account_id as channel,
       m.channel is not null or t.account_id is null as mine, t.kind, t.label, t."at", t.detail,
       t.kind = 'advertiser' and coalesce(json_contains(t.detail, '{"uses":["list"]}'), false)
           as listed,
       t.seen, t.import_id, t.file, t.place,
       in_window(t."at") and in_channels(t.platform || ':' || t.account_id) as in_scope
from trace t
left join mine m on m.platform = t.platform and m.account_id = t.account_id;

-- orders: what was bought, by whom the owner bought it and paid; amount above zero. mine: on one of
-- the owner's channels, or by a bank, whose accounts are no channels.
create or replace view orders as
select o.platform, o.id, o.account_id, m.channel is not null or o.account_id is null
           or not exists (select 1 from account a where a.platform = o.platform
                                                    and a.id = o.account_id) as mine,
       o.seller, o.item, o.amount, o.currency, o.kind, o."at", o.seen, o.import_id, o.file, o.place,
       in_window(o."at") as in_scope
from purchase o
left join mine m on m.platform = o.platform and m.account_id = o.account_id;

-- ticks: what the owner has ticked off in a report, and when.
create or replace view ticks as select key, max("at") as "at" from tick group by key;

-- entries: what the owner told by a form (teller: owner), and what a lens foretold (lens).
create or replace view entries as
select asker, form, key, teller, fields, told, hash from entry;

-- texts: what was written, by whomever: title and content of a post, the summary of an account.
-- text: a hash of the words, by which what annotators say of them is kept.
create or replace view texts as
select *, md5_number_lower(words) as text from (
    select 'post' as subject_type, platform, id, channel, mine, author_id, language, published,
           coalesce(title || chr(10), '') || coalesce(content, '') as words
    from posts
    union all
    select 'account', a.platform, a.id, a.platform || ':' || a.id, m.channel is not null, a.id, null,
           null, a.summary
    from account a left join mine m on m.platform = a.platform and m.account_id = a.id
) where words <> '';

-- annotations: what an annotator found in a text, and where, in characters; never the words.
create or replace view annotations as
select t.subject_type, t.platform, t.id, t.channel, t.mine, a.annotator, a.version, a.label,
       a.certainty, a."start", a."end", a.text
from annotation a join texts t using (text);

-- nothing_in: texts in which an annotator found nothing.
create or replace view nothing_in as
select text, annotator, version from annotated where found = 0;

create or replace view imports as
select import_id, source, path, observed, imported, owner_platform, owner_id, kept, known, rejected
from import;

-- covered: for each kind of file of a channel, what an export held of its posts, where an earlier
-- export held some too and all of it was read: `before`, the export's date; posts from `first` to
-- `last` would be in it. `after` is the date of the export before.
create or replace view covered as
with exports as (
    select h.import_id, h.platform, h.account_id, h.kind, i.observed, bool_and(h.whole) as whole,
           count(*) as files, sum(h.records) as posts, min(h.first) as first, max(h.last) as last
    from held h
    join import i on i.import_id = h.import_id
    where h.what = 'posts'
    group by h.import_id, h.platform, h.account_id, h.kind, i.observed
), following as (
    select *, lag(observed) over w as after, max(files) over (
                  partition by platform, account_id, kind order by observed
                  rows between unbounded preceding and 1 preceding) as files_before
    from exports
    window w as (partition by platform, account_id, kind order by observed)
)
select platform || ':' || account_id as channel, platform, account_id, kind, import_id,
       after, observed as before, first, last, cast(posts as bigint) as posts
from following
-- With fewer files than before a part may be missing.
where whole and after is not null and after < observed and files >= files_before;

-- vanished: posts that an export held (`after` is the date of the last that did) and a later one
-- that covers their date did not (`before` is its date). Posts known to be deleted are not here.
create or replace view vanished as
with gone as (
    select p.platform, p.id, min(c.before) as before
    from post p
    join held h on h.import_id = p.import_id and h.platform = p.platform and h.file = p.file
               and h.account_id = coalesce(p.channel_id, p.author_id) and h.what = 'posts'
    join covered c on c.platform = h.platform and c.account_id = h.account_id
                  and c.kind = h.kind and c.before > p.seen
                  and p.published >= c.first and p.published <= c.last
    where p.deleted is null and p.seen < (select max(before) from covered)
    group by p.platform, p.id
)
select p.channel, p.platform, p.id, p.mine, p.kind, p.title, p.content, p.url, p.published,
       p.visibility, p.is_public, p.seen as after, g.before, p.import_id, p.file, p.place
from gone g
join posts p on p.platform = g.platform and p.id = g.id;

-- superseded: files of an export that a later export of the same account covers: of the same kind,
-- as many, read and whole. What the ledger still has from them, the later one held no longer; it is
-- the first such (`before` is its date; `after` that of the export).
create or replace view superseded as
with named as (
    select f.import_id, f.name as file, i.source, i.owner_platform, i.owner_id, i.observed,
           -- A file alone in its export is called as its owner likes; folders differ by date.
           case when count(*) over (partition by f.import_id) = 1
                then regexp_extract(lower(f.name), '[.][^.]*$')
                else regexp_extract(regexp_replace(
                    lower(case when starts_with(f.name, i.root) then substr(f.name, len(i.root) + 1)
                               else f.name end),
                    '[-_ (]*(part)?[-_ ]*[0-9]+[)]?', '', 'g'), '([^/]*/)?[^/]*$')
                end as kind,
           f.status = 'read' and f.drift is null and not exists (
               select 1 from reject r where r.import_id = f.import_id and r.file = f.name
           ) as whole
    from file f
    join import i on i.import_id = f.import_id
), kinds as (
    select import_id, source, owner_platform, owner_id, observed, kind, count(*) as files,
           bool_and(whole) as whole
    from named
    group by import_id, source, owner_platform, owner_id, observed, kind
)
select n.import_id, n.file, n.observed as after, min(l.observed) as before
from named n
join kinds k on k.import_id = n.import_id and k.kind = n.kind
join kinds l on l.source = k.source and l.kind = k.kind
            and coalesce(l.owner_platform, '') = coalesce(k.owner_platform, '')
            and coalesce(l.owner_id, '') = coalesce(k.owner_id, '')
            and l.observed > k.observed and l.whole and l.files >= k.files
group by n.import_id, n.file, n.observed;

-- rereadings: counters that were read at two dates or more: the latest reading and the one before
-- (where they stand: `readings`).
create or replace view rereadings as
with latest as (
    select platform, subject_type, subject_id, name, count(*) as readings,
           max(observed) as before, max_by(value, observed) as value,
           min(observed) as first, min_by(value, observed) as first_value
    from metric
    group by platform, subject_type, subject_id, name
    having min(observed) < max(observed)
), between_them as (                 -- most were read twice, and need no second look
    select m.platform, m.subject_type, m.subject_id, m.name, max(m.observed) as after,
           max_by(m.value, m.observed) as value
    from metric m
    join latest l on l.platform = m.platform and l.subject_type = m.subject_type
                 and l.subject_id = m.subject_id and l.name = m.name and l.readings > 2
    where m.observed < l.before
    group by m.platform, m.subject_type, m.subject_id, m.name
)
select l.platform, l.subject_type, l.subject_id, l.name,
       coalesce(b.after, l.first) as after, l.before,
       coalesce(b.value, l.first_value) as earlier, l.value as later,
       l.value - coalesce(b.value, l.first_value) as change
from latest l
left join between_them b on b.platform = l.platform and b.subject_type = l.subject_type
                        and b.subject_id = l.subject_id and b.name = l.name;

-- moved: those of them where the two differ.
create or replace view moved as select * from rereadings where change <> 0;

-- crossposts: posts that say the same as one on another channel, published within a day. Those of
-- one `message` have at most one post a channel.
create or replace view crossposts as
select c.message, p.channel, p.mine, p.platform, p.id, p.published, p.content, p.url,
       c.similarity, p.in_scope, p.seen, p.import_id, p.file, p.place
from crosspost c
join posts p on p.platform = c.platform and p.id = c.id;

-- messages: every post with its message. Counting distinct messages counts cross-posts once.
create or replace view messages as
select p.platform, p.id, p.platform || ':' || coalesce(p.channel_id, p.author_id) as channel,
       p.published, coalesce(c.message, p.platform || ':' || p.id) as message
from post p
left join crosspost c on c.platform = p.platform and c.id = p.id;

-- persons: every account with its person: the least channel of those that the owner has joined,
-- itself where it was joined to none.
create or replace view persons as
with recursive reached as (
    select platform || ':' || id as channel, other_platform || ':' || other_id as other from joined
    union
    select other_platform || ':' || other_id, platform || ':' || id from joined
    union
    select r.channel, case when r.other = j.platform || ':' || j.id
                           then j.other_platform || ':' || j.other_id
                           else j.platform || ':' || j.id end
    from reached r
    join joined j on r.other = j.platform || ':' || j.id
                  or r.other = j.other_platform || ':' || j.other_id
), least_of as (
    select channel, least(channel, min(other)) as person from reached group by channel
)
select coalesce(l.person, a.platform || ':' || a.id) as person,
       a.platform || ':' || a.id as channel, a.platform, a.id as account_id, a.handle, a.name,
       a.url, m.channel is not null as mine, a.seen, a.import_id, a.file, a.place
from account a
left join least_of l on l.channel = a.platform || ':' || a.id
left join mine m on m.platform = a.platform and m.account_id = a.id;
