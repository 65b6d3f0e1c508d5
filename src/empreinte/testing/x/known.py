"""The rest of an archive: profile, followers, likes, advertisements, logins, inferences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Literal

from empreinte.testing.person import Channel, Person, Published
from empreinte.testing.x.posts import iso_date, tweet_id, user_id

IMPRESSIONS, ENGAGEMENTS, LOGINS, DEVICES = 40, 12, 30, 2
INTERESTS = ("Typographie", "Graphisme", "Livres", "Cyclisme", "Musées", "Loire", "Cuisine")
ADVERTISERS = ("Papeterie des Lices", "Vélos Boréal", "Festival d’Encre", "Atelier Nord")
APPS = ("Buffer", "Mastodon Bridge")
SEARCHES = ("risographie", "fonderie libre")


def account_files(person: Person, at: datetime) -> dict[str, list[Any]]:
    """Write what an archive says of the account itself."""
    channel = person.channels["x"]
    owner = user_id(channel.handle)
    account = {
        "email": "maelle@example.org",
        "createdVia": "web",
        "username": channel.handle,
        "accountId": owner,
        "createdAt": iso_date(channel.since),
        "accountDisplayName": person.name,
    }
    about = {"bio": person.summary, "website": person.site, "location": "Angers"}
    return {
        "account": [{"account": account}],
        "profile": [{"profile": {"description": about, "avatarMediaUrl": f"{person.site}/a.jpg"}}],
        "account-timezone": [
            {"accountTimezone": {"accountId": owner, "timeZone": person.timezone}}
        ],
        "account-creation-ip": [
            {"accountCreationIp": {"accountId": owner, "userCreationIp": "192.0.2.1"}}
        ],
        "ageinfo": [{"ageMeta": {"ageInfo": {"age": ["31"], "birthDate": "1995-04-12"}}}],
        "phone-number": [{"device": {"phoneNumber": "+33639980042"}}],
        "verified": [{"verified": {"accountId": owner, "verified": False}}],
        "screen-name-change": [],
    }


def relation_files(channel: Channel, at: datetime, posts: list[Published]) -> dict[str, list[Any]]:
    """Write followers, accounts followed and likes given."""

    def people(who: Literal["followers", "following"], key: str) -> list[Any]:
        link = "https://twitter.com/intent/user?user_id="
        ids = [user_id(person.handle) for person in channel.roster(at, who)]
        return [{key: {"accountId": one, "userLink": link + one}} for one in reversed(ids)]

    return {
        "follower": people("followers", "follower"),
        "following": people("following", "following"),
        "like": [
            {"like": {"tweetId": one, "fullText": f"Vu &amp; aimé, {one[-4:]}",
                      "expandedUrl": f"https://twitter.com/i/web/status/{one}"}}
            for one in likes_given(posts)
        ],
        "block": [{"blocking": {"accountId": user_id("importun")}}],
        "direct-messages": [{"dmConversation": {"conversationId": "1-2", "messages": []}}],
    }  # fmt: skip


def likes_given(posts: Sequence[Published]) -> list[str]:
    """Give the ids of the posts liked: whatever the person answered, newest first."""
    return [
        tweet_id(post.number, post.at - timedelta(minutes=50))
        for post in posts
        if post.kind == "reply" and post.to_number is None
    ]


def trace_files(at: datetime) -> dict[str, list[Any]]:
    """Write what X has inferred and kept: interests, logins, devices, advertisements."""
    inferred = {
        "demographics": {
            "languages": [{"language": "French", "isDisabled": False}],
            "genderInfo": {"gender": "female"},
        },
        "interests": {
            "interests": [{"name": name, "isDisabled": False} for name in INTERESTS],
            "partnerInterests": [],
            "audienceAndAdvertisers": {
                "numAudiences": "12",
                "advertisers": ["@papeterie_lices"],
                "lookalikeAdvertisers": ["@velos_boreal"],
            },
            "shows": ["Le Tour de France"],
        },
        "locationHistory": ["Pays de la Loire, France"],
        "inferredAgeInfo": {"age": ["25-49"], "birthDate": ""},
    }
    hour = timedelta(hours=1)
    return {
        "ad-impressions": [
            _ads("adImpressions", "impressions", [_impression(at, k) for k in range(day, day + 10)])
            for day in range(0, IMPRESSIONS, 10)
        ],
        "ad-engagements": [
            _ads("adEngagements", "engagements", [_engagement(at, k) for k in range(ENGAGEMENTS)])
        ],
        "personalization": [{"p13nData": inferred}],
        "ip-audit": [
            {"ipAudit": {"accountId": "1", "createdAt": iso_date(at - k * 37 * hour),
                         "loginIp": f"192.0.2.{k + 2}"}}
            for k in range(LOGINS)
        ],
        "device-token": [
            {"deviceToken": {"clientApplicationId": str(k), "token": f"secret-{k}",
                             "createdAt": iso_date(at - k * 400 * hour),
                             "lastSeenAt": iso_date(at),
                             "clientApplicationName": f"X for Android {k}"}}
            for k in range(DEVICES)
        ],
        "connected-application": [
            {"connectedApplication": {"name": name, "organization": {"name": name, "url": ""},
                                      "approvedAt": iso_date(at - 5000 * hour),
                                      "permissions": ["read", "write"], "id": name.lower()}}
            for name in APPS
        ],
        "saved-search": [
            {"savedSearch": {"savedSearchId": str(k), "query": query}}
            for k, query in enumerate(SEARCHES)
        ],
    }  # fmt: skip


def _ads(group: str, name: str, records: list[Any]) -> dict[str, Any]:
    return {"ad": {"adsUserData": {group: {name: records}}}}


def _impression(at: datetime, k: int) -> dict[str, Any]:
    name = ADVERTISERS[k % len(ADVERTISERS)]
    return {
        "deviceInfo": {"osType": "Android", "deviceId": "AbC=", "deviceType": "Pixel 8"},
        "displayLocation": "TimelineHome",
        "promotedTweetInfo": {"tweetId": tweet_id(k, at), "tweetText": f"{name} vous attend",
                              "urls": [], "mediaUrls": []},
        "advertiserInfo": {"advertiserName": name, "screenName": "@" + user_id(name)},
        "matchedTargetingCriteria": [
            {"targetingType": "Locations", "targetingValue": "France"},
            {"targetingType": "Follower look-alikes", "targetingValue": "@graphistes"},
        ],
        "impressionTime": f"{at - timedelta(hours=11 * k + 1):%Y-%m-%d %H:%M:%S}",
    }  # fmt: skip


def _engagement(at: datetime, k: int) -> dict[str, Any]:
    times = (at - timedelta(hours=29 * k + 1), at - timedelta(hours=29 * k + 1, seconds=-9))
    return {
        "impressionAttributes": _impression(at, k),
        "engagementAttributes": [
            {"engagementTime": f"{time:%Y-%m-%d %H:%M:%S}", "engagementType": kind}
            for time, kind in zip(times, ("ChargeableImpression", "UrlClick"), strict=True)
        ],
    }
