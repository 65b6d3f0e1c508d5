-- The documented views: what lenses and `empreinte sql` ask. They carry the meaning, so that a
-- question stays a few lines. Dialect: what sqlglot carries over to Spark.

-- mine: the owner's channels, one row each. `channel` is "platform:account id".
create or replace view mine as
select a.platform || ':' || a.id as channel, a.platform, a.id as account_id,
       a.handle, a.name, a.url, a.summary, a.published, a.import_id, a.file, a.place
from account a
left join ownership o on o.platform = a.platform and o.id = a.id
where coalesce(o.mine, a.is_owner);

-- posts: everything published, whoever by. `mine`: on one of the owner's channels.
-- kind: post, reply, quote, or the type in lower case (article, page, video, image, …).
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
       p.tags, p.mentions, p.links, p.media, p.place_name, p.latitude, p.longitude, p.deleted,
       p.seen, p.import_id, p.file, p.place
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
    select platform, 'Mention', coalesce(author_id, channel_id), 'account', unnest(mentions),
           unnest(mentions), published, content, url, null, seen, import_id, file, place
    from post where coalesce(visibility, '') not in ('draft', 'private')
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
-- the length of the list of followers in an export.
create or replace view followers as
select m.channel, r.observed, r.value, r.basis
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
    group by h.platform, h.account_id, h.observed
) r
join mine m on m.platform = r.platform and m.account_id = r.account_id;

-- roster_changes: who joined and who left between two rosters that follow each other.
create or replace view roster_changes as
with dates as (
    select platform, account_id, name, observed,
           lag(observed) over w as previous, lead(observed) over w as following
    from roster
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

-- traces: what platforms know of someone. imports: what was dropped in.
create or replace view traces as
select platform, account_id, kind, label, "at", detail, seen, import_id, file, place from trace;

create or replace view imports as
select import_id, source, path, observed, imported, owner_platform, owner_id, kept, known, rejected
from import;
