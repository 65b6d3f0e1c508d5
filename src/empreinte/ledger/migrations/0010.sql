-- What describes the pictures of a post to who cannot see them, of those that have it.
alter table post add column alt_texts varchar[];
alter table post_version add column alt_texts varchar[];
