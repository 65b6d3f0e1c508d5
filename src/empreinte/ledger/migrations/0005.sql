-- A row's number stays its key's for as long as any import holds it, whichever import's row stands.
alter table account add column number bigint;
update account set number = rowid;
alter table post add column number bigint;
update post set number = rowid;
alter table activity add column number bigint;
update activity set number = rowid;
alter table metric add column number bigint;
update metric set number = rowid;
alter table roster add column number bigint;
update roster set number = rowid;
alter table roster_member add column number bigint;
update roster_member set number = rowid;
alter table trace add column number bigint;
update trace set number = rowid;

-- What other imports say of a row that stands, by its number: one row an import. The columns that
-- identify it are the standing row's; with `same`, so is the rest, and is null here.
create table account_version as select true as same, * exclude (platform, id) from account limit 0;
create table post_version as select true as same, * exclude (platform, id) from post limit 0;
create table activity_version as select true as same, * exclude (key) from activity limit 0;
create table metric_version as select true as same, * exclude
    (platform, subject_type, subject_id, name, observed) from metric limit 0;
create table roster_version as select true as same, * exclude
    (platform, account_id, name, observed) from roster limit 0;
create table roster_member_version as select true as same, * exclude
    (platform, account_id, name, observed, member_id) from roster_member limit 0;
create table trace_version as select true as same, * exclude (key) from trace limit 0;

-- What several imports of before hold of one another's rows is not known. No reader has version 0:
-- an archive of theirs that is given again is read again, and then it is.
update import set source_version = 0 where (select count(*) from import) > 1;
