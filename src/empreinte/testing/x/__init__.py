"""X's archives of a made-up person, in the platform's layouts of 2016, 2019, 2020 and 2026.

File names and fields are the same in all languages of the platform. Whatever a `Person` does not
tell (advertisements, logins, inferences) is made up from the date alone, so that what a test
expects can be counted: see `known.IMPRESSIONS`, `known.LOGINS` and the other constants.
"""

from empreinte.testing.x.archive import Layout, write_archive
from empreinte.testing.x.posts import full_text, tweet, tweet_date, tweet_id, user_id

__all__ = ["Layout", "full_text", "tweet", "tweet_date", "tweet_id", "user_id", "write_archive"]
