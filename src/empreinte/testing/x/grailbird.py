"""The layout of 2012 to 2018, called Grailbird: a file a month, without counts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from empreinte.testing.person import Person, Published
from empreinte.testing.x.posts import quoted_id, tweet, tweet_id, user_id
from empreinte.testing.x.writing import pretty


def grailbird_files(person: Person, at: datetime, posts: list[Published]) -> dict[str, str | bytes]:
    """Write the files of an archive of 2012 to 2018."""
    channel = person.channels["x"]
    user = {
        "name": person.name, "screen_name": channel.handle, "protected": False,
        "id_str": user_id(channel.handle), "id": int(user_id(channel.handle)), "verified": False,
    }  # fmt: skip
    ids = {post.number: tweet_id(post.number, post.at) for post in posts}
    months: dict[str, list[Any]] = {}
    for post in posts:
        recent = tweet(post, person, at, ids)
        old = {
            name: value
            for name, value in recent.items()
            if name.startswith(("in_reply_to", "id_str", "source", "entities"))
        }
        for medium in old["entities"].get("media", ()):
            kind = "tweet_video_thumb" if medium.pop("type") == "video" else "media"
            medium["media_url"] = medium["media_url"].replace("/media/", f"/{kind}/")
        old |= {"geo": {}, "id": int(recent["id"]), "text": recent["full_text"], "user": user,
                "created_at": f"{post.at:%Y-%m-%d %H:%M:%S} +0000"}  # fmt: skip
        if post.kind == "share":
            who = {"id_str": user_id(post.to or ""), "screen_name": post.to}
            old["retweeted_status"] = {
                "id_str": quoted_id(post), "text": post.text, "user": who, "geo": {},
            }  # fmt: skip
        months.setdefault(f"{post.at:%Y_%m}", []).append(old)
    details = {
        "screen_name": channel.handle, "location": "Angers", "full_name": person.name,
        "bio": person.summary, "id": user_id(channel.handle),
        "created_at": f"{channel.since:%Y-%m-%d %H:%M:%S} +0000",
    }  # fmt: skip
    payload = {"tweets": len(posts), "created_at": f"{at:%Y-%m-%d %H:%M:%S} +0000", "lang": "fr"}
    index = [
        {"file_name": f"data/js/tweets/{month}.js", "year": int(month[:4]),
         "var_name": f"tweets_{month}", "tweet_count": len(array), "month": int(month[5:])}
        for month, array in months.items()
    ]  # fmt: skip
    files: dict[str, str | bytes] = {
        f"data/js/tweets/{month}.js": f"Grailbird.data.tweets_{month} = \n {_old(array)}"
        for month, array in months.items()
    }
    return files | {
        "data/js/user_details.js": f"var user_details =  {_old(details)}",
        "data/js/payload_details.js": f"var payload_details =  {_old(payload)}",
        "data/js/tweet_index.js": f"var tweet_index =  {_old(index)}",
        "index.html": "<!doctype html><title>Tweets</title>",
        "tweets.csv": '"tweet_id","text"\n',
        "js/application.js": "'use strict';",
    }


def _old(value: object) -> str:
    return pretty(value, jackson=True, ascii=True)
