"""What can be asked in SQL, and what is refused."""

import pytest

from empreinte.api.ledger import Ledger
from empreinte.errors import UsageError

PASS = """
select 1
select 1;
/* why? */ select 1
(select 1)
with a as (select 1 as n) select * from a
from posts
from posts select count(*)
values (1), (2)
table posts
describe posts
describe select 1
show tables
summarize posts
select 'checkpoint()'
select 1 as checkpoint
select count(*) from posts where title like '%set x = 1%'
select current_setting('threads')
from range(3)
select unnest([1, 2])
from generate_series(1, 3)
explain select 1
explain (format json) select 1
explain with a as (select 1) from a
select 1 union all select 2
select 'a' glob 'a*'
select '"function_name":"checkpoint"'
""".strip().split("\n")

REFUSED = """
set threads = 1
reset threads
pragma database_list
pragma force_checkpoint
call pragma_version()
checkpoint
force checkpoint
insert into post default values
delete from post
update post set id = '1'
drop table post
create table other (a int)
create temp table other (a int)
create macro f(a) as a
alter table post add column other int
copy post to 'other.csv'
attach ':memory:' as other
detach memory
use memory
load json
install json
begin
commit
vacuum
analyze
prepare p as select 1
execute p
export database 'other'
select 1; select 2
select 1; checkpoint
pivot posts on kind using count(*)
with a as (select 1) insert into post select * from a
with a as (delete from post returning *) select * from a
explain analyze select 1
explain (analyze) select 1
explain insert into post default values
explain checkpoint
explain select * from checkpoint()
from checkpoint()
from "CheckPoint" /* /* a */ b */ ()
select * from system.main.checkpoint()
from force_checkpoint()
select 1 where exists (from force_checkpoint())
with a as (from checkpoint()) select 1
describe from checkpoint()
summarize from checkpoint()
from enable_logging()
from enable_profiling()
select write_log('a')
select 'a'.write_log()
select list_transform([1], lambda x: setseed(0.5))
select setseed(0.5)
select nextval('a')
select sleep_ms(1)
select pg_sleep(1)
select getenv('HOME')
from set_config('a', 'b')
from query('select 1')
from query_table('posts')
from json_execute_serialized_sql(json_serialize_sql('select 7'))
from duckdb_secrets()
from read_csv('/etc/passwd')
from read_text('/etc/passwd')
from glob('*')
from sniff_csv('/etc/passwd')
from '/etc/passwd.csv'
select from where
""".strip().split("\n")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    with Ledger(str(tmp_path_factory.mktemp("ledger") / "ledger.duckdb")) as opened:
        yield opened


@pytest.mark.parametrize("query", PASS)
def test_a_question_is_answered(ledger, query):
    assert ledger.sql(query).num_columns


@pytest.mark.parametrize("query", REFUSED)
def test_what_is_no_question_is_refused_and_the_ledger_still_answers(ledger, query):
    with pytest.raises(UsageError):
        ledger.sql(query)
    assert ledger.sql("select 1 as n").to_pylist() == [{"n": 1}]


def test_parameters_go_into_a_question(ledger):
    assert ledger.sql("select $n + 1 as n", n=1, left=2).to_pylist() == [{"n": 2}]


def test_a_deep_question_is_answered(ledger):
    assert ledger.sql(f"select {'+'.join(['1'] * 800)} as n").to_pylist() == [{"n": 800}]


def test_the_refusal_names_the_kind():
    with Ledger(":memory:") as opened, pytest.raises(UsageError) as refused:
        opened.sql("pragma database_list")
    assert "this is PRAGMA" in str(refused.value)
