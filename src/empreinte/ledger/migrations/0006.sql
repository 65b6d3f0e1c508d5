-- What a trace is was once left to who asked: what the owner did themselves was filed as an interest
-- or an app, what others reported as an app or an advertiser, what a profile says as a place, and
-- whose lists the owner stands in was told in each platform's own way. Sources say so now, and what
-- they said before is brought to it; a later export then holds the same traces, by key as well.
create temporary table renamed as
select rowid as "row", case kind
    when 'app' then case
        when detail ->> 'event' is not null then 'elsewhere'
        when detail ->> 'verb' is not null or detail ->> 'from' = 'app' then 'activity' end
    when 'advertiser' then case when detail ->> 'event' is not null then 'elsewhere' end
    when 'interest' then case
        when platform in ('google', 'youtube')
            or platform = 'tiktok' and (
                label like 'https://%'
                or coalesce(detail ->> 'hashtag_link', detail ->> 'link') is not null)
            or detail ->> 'from' in (
                'orders', 'digital orders', 'watchlist', 'wish lists', 'hashtags', 'branch-links',
                'your_event_responses', 'event_invitations', 'polls_you_voted_on',
                'moderated_subreddits', 'subscribed_subreddits', 'user-link-clicks',
                'lists-subscribed')
            then 'activity' end
    when 'place' then case
        when detail ->> 'from' in (
                'current_city', 'hometown', 'current_city.name', 'hometown.name', 'timezone',
                'primary_location', 'primary_public_location')
            then 'profile' end
    end as kind,
    case when kind = 'advertiser' and (
            detail ->> 'from' in (
                'audience', 'advertisers',
                'advertisers_who_uploaded_a_contact_list_with_your_information')
            or regexp_matches(detail, 'custom_audience" *: *true'))
         then json_merge_patch(detail, '{"uses":["list"]}') end as detail
from trace
where kind in ('app', 'advertiser', 'interest', 'place');

update trace set kind = coalesce(r.kind, trace.kind), detail = coalesce(r.detail, trace.detail)
from renamed r where r."row" = trace.rowid and (r.kind is not null or r.detail is not null);

update trace
set key = md5(concat_ws(chr(31), platform, coalesce(account_id, ''), kind, label,
                        coalesce(cast("at" as varchar), ''), coalesce(detail, '')))
where rowid in (select "row" from renamed where kind is not null or detail is not null);

drop table renamed;
