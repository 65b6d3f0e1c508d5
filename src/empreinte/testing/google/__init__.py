"""Google's exports of a made-up person: YouTube, My Activity, location history."""
