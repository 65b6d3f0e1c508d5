"""Instagram's copy of a made-up person's information, in each of its layouts.

``flat`` (until 2020), ``folders`` (2021–23) and ``activity`` (since 2024, with the lists of
``label_values`` of 2025). Labels follow the language of the account; texts are spoilt as Meta
spoils them. What a `Person` does not hold (views, searches, advertisers, logins) is made up.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Literal

from empreinte.testing.instagram_life import (
    ADVERTISERS,
    CATEGORIES,
    CHANNEL,
    LABELS,
    SEARCHES,
    SITE,
    TOPICS,
    Language,
    Layout,
    caption,
    comments,
    is_reel,
    posts,
    stories,
    views,
)
from empreinte.testing.person import Follower, Person, Published


def members(
    person: Person, at: datetime, layout: Layout = "activity", language: Language = "fr",
    channel: str = CHANNEL,
) -> dict[str, Any]:  # fmt: skip
    """Give the files of the export as asked for on `at`, by name."""
    if layout == "flat":
        from empreinte.testing.instagram_flat import flat

        return dict(flat(person, at, channel))
    return dict(_Writer(person, at, layout, language, channel).files())


def write_export(
    path: Path, person: Person, at: datetime, *, layout: Layout = "activity",
    language: Language = "fr", channel: str = CHANNEL, form: Literal["zip", "folder"] = "zip",
    pages: bool = False, zone: tzinfo | None = None,
) -> Path:  # fmt: skip
    """Write the export in the folder `path`, under the name it has; give the zip or the folder.

    With `pages` it is the HTML form, of the layouts with folders, its times by the clock of `zone`,
    or by Meta's.
    """
    handle = person.channels[channel].handle
    base = path / f"instagram-{handle}-{at:%Y-%m-%d}-aB3dE5fG"
    listed = members(person, at, layout, language, channel)
    if pages:
        from empreinte.testing import instagram_pages as html

        texts = html.pages(listed, language=language, zone=zone or html.CLOCK)
    else:
        texts = {name: written(value) for name, value in listed.items()}
    path.mkdir(parents=True, exist_ok=True)
    if form == "folder":
        for name, text in texts.items():
            file = base / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return base
    target = path / f"{base.name}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, at.timetuple()[:6]), text)
        media = zipfile.ZipInfo("media/posts/202501/1_n_2.jpg", at.timetuple()[:6])
        archive.writestr(media, b"\xff\xd8")
    return target


def written(value: Any) -> str:
    """Give a value as Meta writes it: each byte of UTF-8 as a character of its own."""
    return json.dumps(_spoilt(value), indent=2)


def _spoilt(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8").decode("latin-1")
    if isinstance(value, list | tuple):
        return [_spoilt(item) for item in value]
    if isinstance(value, dict):
        return {_spoilt(key): _spoilt(item) for key, item in value.items()}
    return value


def seconds(moment: datetime) -> int:
    """Give a time as the export writes it, in whole seconds."""
    return int(moment.timestamp())


class _Writer:
    """Writes the layouts with folders."""

    def __init__(
        self, person: Person, at: datetime, layout: Layout, language: Language, channel: str
    ) -> None:
        self.person, self.at, self.channel = person, at, channel
        self.new = layout == "activity"
        self.labels = LABELS[language]
        self.activity = "your_instagram_activity/" if self.new else ""
        self.connections = "connections/followers_and_following/" if self.new else (
            "followers_and_following/"
        )  # fmt: skip
        self.media = "your_instagram_activity/media/" if self.new else "content/"

    def files(self) -> Iterator[tuple[str, Any]]:
        """Give name and content of each file."""
        yield from self._published()
        yield from self._acts()
        yield from self._people()
        yield from self._known()

    # -- shapes

    def mapped(self, title: str = "", **values: str | int) -> dict[str, Any]:
        """Give a ``string_map_data``; numbers are times."""
        return {
            "title": title, "media_map_data": {},
            "string_map_data": {
                self.labels[label]: {
                    "href": "", "value": "" if isinstance(value, int) else value,
                    "timestamp": value if isinstance(value, int) else 0,
                }
                for label, value in values.items()
            },
        }  # fmt: skip

    def labelled(self, who: str, at: datetime, url: str, caption: str = "") -> dict[str, Any]:
        """Give a ``label_values``: the address at the top, the owner in a group."""
        owner = [
            {"label": "URL", "value": ""},
            {"label": self.labels["name"], "value": who.title()},
            {"label": self.labels["username"], "value": who},
        ]
        return {
            "timestamp": seconds(at), "media": [],
            "label_values": [
                {"dict": [{"dict": owner, "title": ""}], "title": self.labels["group"]},
                {"label": "URL", "value": url, "href": url},
                *([{"label": self.labels["caption"], "value": caption}] if caption else []),
            ],
            "fbid": str(17_900_000_000_000_000 + seconds(at)),
        }  # fmt: skip

    # -- files

    def _published(self) -> Iterator[tuple[str, Any]]:
        photos, reels = [], []
        for post in reversed(posts(self.person, self.at, self.channel)):
            (reels if is_reel(post) else photos).append(self._post(post))
        half = len(photos) // 2
        yield f"{self.media}posts_1.json", photos[:half]
        yield f"{self.media}posts_2.json", photos[half:]
        yield f"{self.media}reels.json", {"ig_reels_media": reels}
        yield (
            f"{self.media}stories.json",
            {
                "ig_stories": [
                    medium(f"media/stories/{p.number}.jpg", p, caption(p))
                    for p in stories(self.person, self.at, self.channel)
                ]
            },
        )
        found = [
            {
                "media_list_data": [{"uri": ""}],
                **self.mapped(comment=p.text, owner=p.to or "", time=seconds(p.at)),
            }
            for p in comments(self.person, self.at, self.channel)
        ]
        name = f"{self.activity}comments/post_comments"
        yield (
            (f"{name}_1.json", found)
            if self.new else (f"{name}.json", {"comments_media_comments": found})
        )  # fmt: skip
        counted = []
        for post in posts(self.person, self.at, self.channel)[-20:]:
            likes, replies = (post.gathered(n, self.at) for n in (post.likes, post.replies))
            one = self.mapped(
                likes=f"{likes:,}", replies=str(replies), shares="--", created=seconds(post.at)
            )
            one["media_map_data"] = {
                "Media Thumbnail": medium("media/other/1.jpg", post, caption(post))
            }
            counted.append(one)
        folder = "logged_information/" if self.new else ""
        yield f"{folder}past_instagram_insights/posts.json", {"organic_insights_posts": counted}

    def _post(self, post: Published) -> dict[str, Any]:
        path = f"media/{'reels' if is_reel(post) else 'posts'}/{post.at:%Y%m}/{post.number}"
        text = caption(post)
        if not is_reel(post) and post.number % 5 == 0:  # several pictures: the text stands above
            pieces = [medium(f"{path}_{n}.jpg", post, "") for n in range(2)]
            return {"media": pieces, "title": text, "creation_timestamp": seconds(post.at)}
        ending = "mp4" if is_reel(post) else "jpg"
        return {"media": [medium(f"{path}.{ending}", post, text)]}

    def _acts(self) -> Iterator[tuple[str, Any]]:
        likes = comments(self.person, self.at, self.channel)
        name = f"{self.activity}likes/liked_posts.json"
        if self.new:
            yield name, [self.labelled(p.to or "", p.at, liked(p), "Été") for p in likes]
        else:
            listed_ = [listed(p.to or "", p.at, liked(p), "👍") for p in likes]
            yield name, {"likes_media_likes": listed_}
        again = [listed(p.to or "", p.at, liked(p), "👍") for p in likes[:9]]
        yield f"{self.activity}likes/liked_comments.json", {"likes_comment_likes": again}
        saved = [self.mapped(p.to or "", saved=seconds(p.at)) for p in likes[:7]]
        for one, post in zip(saved, likes, strict=False):
            one["string_map_data"][self.labels["saved"]]["href"] = liked(post)
        yield f"{self.activity}saved/saved_posts.json", {"saved_saved_media": saved}
        folder = "ads_information/ads_and_topics/" if self.new else "ads_and_topics/"
        for file, key in SEEN.items():
            seen = views(self.at)
            yield (
                (f"{folder}{file}.json", [self.labelled(who, at, "") for who, at in seen])
                if self.new else
                (f"{folder}{file}.json",
                 {key: [self.mapped(author=who, time=seconds(at)) for who, at in seen]})
            )  # fmt: skip
        shown = [self.mapped(username=who, time=seconds(at)) for who, at in views(self.at)]
        yield (
            f"{folder}suggested_profiles_viewed.json",
            {"impressions_history_chaining_seen": shown},
        )

    def _people(self) -> Iterator[tuple[str, Any]]:
        channel = self.person.channels[self.channel]
        followers = [_follows(one) for one in channel.roster(self.at)]
        following = [_follows(one, self.new) for one in channel.roster(self.at, "following")]
        if self.new:
            yield f"{self.connections}followers_1.json", followers[:500]
            yield f"{self.connections}followers_2.json", followers[500:]
        else:
            yield f"{self.connections}followers.json", {"relationships_followers": followers}
        yield f"{self.connections}following.json", {"relationships_following": following}
        left = [_follows(one) for one in channel.following if one.until and one.until <= self.at]
        yield (
            f"{self.connections}recently_unfollowed_profiles.json",
            {"relationships_unfollowed_users": left},
        )
        blocked = [listed("facheux", self.at, f"{SITE}/facheux", "")]
        yield f"{self.connections}blocked_profiles.json", {"relationships_blocked_users": blocked}
        yield (
            f"{self.activity}messages/inbox/noe_1/message_1.json",
            {"participants": [], "messages": [{"content": "Un message privé"}], "title": "Noé"},
        )

    def _known(self) -> Iterator[tuple[str, Any]]:
        person, labels = self.person, self.mapped
        handle = person.channels[self.channel].handle
        since = person.channels[self.channel].since
        profile = labels(
            "User information", email="maelle@example.org", username=handle, name=person.name,
            bio=person.summary, gender="female", private="False",
        )  # fmt: skip
        about = "personal_information/" if self.new else ""
        logins = "security_and_login_information/" if self.new else ""
        topics = "preferences/" if self.new else ""
        searches = "logged_information/" if self.new else ""
        yield f"{about}personal_information/personal_information.json", {"profile_user": [profile]}
        yield (
            f"{logins}login_and_account_creation/signup_information.json",
            {"account_history_registration_info": [
                labels(username=handle, ip="192.0.2.1", time=seconds(since))]},
        )  # fmt: skip
        days = [self.at - timedelta(days=9 * n) for n in range(6)]
        yield (
            f"{logins}login_and_account_creation/login_activity.json",
            {"account_history_login_history": [
                labels(f"{day:%Y-%m-%dT%H:%M:%S+00:00}", cookie="*****abc", ip=f"192.0.2.{n + 1}",
                       code="fr", time=seconds(day), agent="Instagram 300.0 iPhone")
                for n, day in enumerate(days)]},
        )  # fmt: skip
        yield (
            f"{about}device_information/devices.json",
            {"devices_devices": [labels(agent="Instagram 300.0 iPhone", last=seconds(self.at))]},
        )
        yield (
            f"{topics}your_topics/your_topics.json",
            {"topics_your_topics": [labels(name=topic) for topic in TOPICS]},
        )
        yield (
            f"{searches}recent_searches/word_or_phrase_searches.json",
            {"searches_keyword": [labels(search=text, time=seconds(self.at)) for text in SEARCHES]},
        )
        business = "ads_information/instagram_ads_and_businesses/" if self.new else (
            "ads_and_businesses/"
        )  # fmt: skip
        yield (
            f"{business}advertisers_using_your_activity_or_information.json",
            {"ig_custom_audiences_all_types": [
                {"advertiser_name": name, "has_data_file_custom_audience": True,
                 "has_remarketing_custom_audience": False, "has_in_person_store_visit": False}
                for name in ADVERTISERS]},
        )  # fmt: skip
        yield (
            f"{business}other_categories_used_to_reach_you.json",
            {"label_values": [
                {"ent_field_name": "bcts", "label": self.labels["name"],
                 "vec": [{"value": category} for category in CATEGORIES]}],
             "media": [], "fbid": "1", "ent_name": "IGAds"},
        )  # fmt: skip


SEEN = {
    "posts_viewed": "impressions_history_posts_seen",
    "videos_watched": "impressions_history_videos_watched",
    "ads_viewed": "impressions_history_ads_seen",
}


def listed(title: str, at: datetime, href: str, value: str) -> dict[str, Any]:
    """Give a ``string_list_data``."""
    one = {"href": href, **({"value": value} if value else {}), "timestamp": seconds(at)}
    return {"title": title, "media_list_data": [], "string_list_data": [one]}


def liked(post: Published) -> str:
    """Give the address of what a comment was written under, and liked."""
    return f"{SITE}/p/C{post.number:010d}/"


def medium(uri: str, post: Published, title: str) -> dict[str, Any]:
    """Give a picture or a video, and a story."""
    return {
        "uri": uri, "creation_timestamp": seconds(post.at), "media_metadata": {}, "title": title,
        "cross_post_source": {"source_app": "FB"},
    }  # fmt: skip


def _follows(one: Follower, titled: bool = False) -> dict[str, Any]:
    """Give someone followed; newer exports tell the name above, not beside the address."""
    when = one.since.astimezone(UTC)
    if titled:
        return listed(one.handle, when, f"{SITE}/_u/{one.handle}", "")
    return listed("", when, f"{SITE}/{one.handle}", one.handle)
