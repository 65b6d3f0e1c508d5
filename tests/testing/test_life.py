"""The made-up life: deterministic, plausible, and with its causes where one can find them."""

from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from empreinte.testing import life


@pytest.fixture(scope="module")
def person():
    return life.freelancer()


@pytest.mark.slow
def test_the_same_seed_gives_the_same_life(person):
    life._lived.cache_clear()
    life._later.cache_clear()
    assert life.freelancer() == person
    assert life.freelancer(8) != person


def test_four_channels_and_thousands_of_posts(person):
    counts = Counter(post.channel for post in person.published)
    assert set(counts) == set(person.channels) == {"x", "mastodon", "blog", "newsletter"}
    assert 3_000 <= len(person.published) <= 5_000
    assert all(count >= 30 for count in counts.values())


def test_numbers_grow_with_time_and_threads_point_back(person):
    posts = {post.number: post for post in person.published}
    assert list(posts) == list(range(1, len(posts) + 1))
    dates = [post.at for post in person.published]
    assert dates == sorted(dates)
    assert dates[0] >= life.START
    assert dates[-1] < life.SECOND_EXPORT + timedelta(hours=1)
    threads = [post for post in person.published if post.to_number is not None]
    assert len(threads) > 50
    for post in threads:
        answered = posts[post.to_number]
        assert answered.at < post.at
        assert answered.channel == post.channel


@pytest.mark.parametrize("name", ["x", "mastodon"])
def test_followers_come_and_go_between_the_two_exports(person, name):
    channel = person.channels[name]
    before = {f.number for f in channel.roster(life.FIRST_EXPORT)}
    after = {f.number for f in channel.roster(life.SECOND_EXPORT)}
    assert len(after - before) > 100
    assert len(before - after) > 20
    handles = [follower.handle for follower in channel.followers]
    assert len(set(handles)) == len(handles)


def test_a_handle_belongs_to_one_number(person):
    channel = person.channels["x"]
    both = {f.number: f.handle for f in channel.followers}
    followed = {f.number: f.handle for f in channel.following}
    assert all(both[number] == followed[number] for number in both.keys() & followed.keys())
    assert both.keys() & followed.keys()


def test_the_response_is_heavy_tailed(person):
    likes = np.sort([post.likes for post in person.published if post.channel == "x"])[::-1]
    assert likes.var() > 5 * likes.mean()
    top = likes[: len(likes) // 100].sum() / likes.sum()
    assert 0.05 < top < 0.5


def test_what_a_platform_does_not_count_is_not_zero(person):
    for post in person.published:
        if post.channel == "newsletter":
            assert (post.likes, post.shares, post.replies, post.views) == (None,) * 4
        if post.channel == "blog":
            assert post.likes is None


def test_planted_effects_can_be_found_again(person):
    """Geometric mean of likes of each group, all else mixed at random."""
    posts = [p for p in person.published if p.channel == "x" and p.kind == "post"]

    def mean(chosen):
        return np.exp(np.mean([np.log1p(post.likes) for post in chosen]))

    with_image = mean(p for p in posts if p.media == ("Image",))
    assert with_image / mean(p for p in posts if not p.media) > 1.3
    hours = [(p, p.at.astimezone(ZoneInfo(life.ZONE)).hour) for p in posts]
    evening = mean(p for p, hour in hours if 18 <= hour < 21)
    assert evening / mean(p for p, hour in hours if 8 <= hour < 18) > 1.1
    (first, level), _second = life.LEVELS["x"]
    assert mean(p for p in posts if p.at >= first) / mean(p for p in posts if p.at < first) > 1.2
    assert level > 1


def test_answers_are_as_many_as_the_counts_on_any_day(person):
    for at in (life.FIRST_EXPORT, life.SECOND_EXPORT):
        for post in person.on("mastodon", at):
            for verb, count in (("like", post.likes), ("share", post.shares)):
                came = sum(a.verb == verb and a.at <= at for a in post.answers)
                assert abs(came - (post.gathered(count, at) or 0)) <= 1
    whole = [p for p in person.published if p.channel == "mastodon"]
    assert sum(p.likes or 0 for p in whole) == sum(
        answer.verb == "like" for post in whole for answer in post.answers
    )


def test_nobody_likes_the_same_post_twice(person):
    for post in person.published:
        for verb in ("like", "share", "reply"):
            who = [answer.who for answer in post.answers if answer.verb == verb]
            assert len(who) == len(set(who))


def test_some_fans_answer_often_and_are_answered(person):
    fans = Counter(a.who for p in person.published if p.channel == "mastodon" for a in p.answers)
    answered = Counter(
        p.to for p in person.published if p.channel == "mastodon" and p.kind == "reply"
    )
    often = [who for who, _n in fans.most_common(20)]
    assert fans[often[0]] > 20 * np.median(list(fans.values()))
    assert sum(answered[who] > 0 for who in often) >= 10


def test_texts_vary_and_read_as_french(person):
    posts = [p.text for p in person.published if p.channel == "x" and p.kind == "post"]
    assert len(set(posts)) > 0.75 * len(posts)
    for text in posts:
        assert "{" not in text
        for apart in (" de le ", " de les ", " de un", " à le ", " à les "):
            assert apart not in text
    languages = Counter(p.language for p in person.published)
    assert set(languages) == {"fr", "en"}
    assert languages["fr"] > 5 * languages["en"]


def test_a_shorter_life_is_the_end_of_the_same(person):
    since = life.FIRST_EXPORT
    short = life.freelancer(since=since)
    texts = [post.text for post in person.published if post.at >= since]
    assert [post.text for post in short.published] == texts
