package dev.cacheproof.query.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlKindTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    READ        | select a from t for update
                    READ        | SELECT insert(a, 1, 2, 'x'), replace(a, 'b', 'c') from t
                    READ        | select * from t where (update, delete) in ((1, 2))
                    READ        | ((select 1) union all select 2) order by 1
                    READ        | with recursive a(n) as (select 1 union all select n + 1 from a) select n from a
                    READ        | with a as materialized (select 1), b as not materialized (table a) (select 2)
                    READ        | with x as (with y as (select 1) select * from y) table x
                    READ        | values (1, 2), (3, 4)
                    READ        | table shop.orders
                    READ        | select a into @v from t
                    READ        | select a into ? from t
                    READ        | select a from t into outfile 'x'
                    READ        | declare c cursor for select a from t
                    READ        | fetch 5 from c
                    READ        | copy t to stdout
                    READ        | copy (select a from t) to stdout
                    INSERT      | insert into t (a) values (1) on conflict (a) do update set a = 2
                    INSERT      | insert ignore t select * from u on duplicate key update a = 2
                    INSERT      | with x as (select 1) insert into t select * from x
                    INSERT      | insert into t with x as (select 1) select * from x
                    INSERT      | select id from final table (insert into t values (1))
                    INSERT      | with i as (insert into t values (1) returning id) select * from i
                    INSERT      | copy t (a) from stdin
                    INSERT      | load data local infile 'x' replace into table t
                    UPDATE      | update t set a = 1
                    UPDATE      | with x as (select 1) update t set a = x.b from x
                    UPDATE      | select id from old table (update t set a = 1)
                    DELETE      | delete from t
                    DELETE      | with d as (delete from t returning *) select * from d
                    DELETE      | with d as (delete from t returning *), e as (delete from u) delete from v
                    DELETE      | copy (delete from t returning *) to stdout
                    MERGE       | merge into t using s on t.a = s.a when not matched then insert values (1)
                    MERGE       | replace into t values (1)
                    MERGE       | upsert into t values (1)
                    CALL        | call f(1)
                    CALL        | {call f(?)}
                    CALL        | { ? = call f(?) }
                    CALL        | exec f
                    CALL        | execute immediate 'select 1'
                    CALL        | do $$ begin delete from t; end $$
                    DDL         | create table t as select * from u
                    DDL         | create rule r as on insert to t do instead (delete from u; select 1)
                    DDL         | truncate t
                    DDL         | select * into temp t from u
                    DDL         | select into t from u
                    DDL         | grant select on t to u
                    DDL         | comment on table t is 'x'
                    DDL         | refresh materialized view v
                    TRANSACTION | start transaction read only
                    SESSION     | set search_path = x
                    SESSION     | set transaction isolation level serializable
                    SESSION     | lock table t in share mode
                    SESSION     | prepare p as delete from t
                    SESSION     | reset all
                    SESSION     | listen x
                    SESSION     | load 'library'
                    OTHER       | explain analyze delete from t
                    OTHER       | prepare transaction 'x'
                    OTHER       | xa start 'x'
                    OTHER       | commit select 1
                    OTHER       | begin insert into t values (1); end
                    OTHER       | with d as (delete from t returning *) insert into u select * from d
                    OTHER       | with x as (select 1) commit
                    OTHER       | with x
                    OTHER       | (delete from t)
                    OTHER       | insert
                    OTHER       | { fn now() }
                    OTHER       | copy t
                    OTHER       | notify x
                    OTHER       | vacuum t
                    OTHER       | ?
                    OTHER       | 'select'
                    OTHER       | "select" a
                    OTHER       | selection
                    """)
    void isFoundByTheWordsOfTheStatement(SqlKind kind, String sql) {
        assertThat(SqlShape.parse(sql).kind()).isEqualTo(kind);
    }

    /** A classifier that looks at the first letter alone takes each of these for something else. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    SESSION     | set names utf8
                    TRANSACTION | savepoint a
                    SESSION     | show tables
                    TRANSACTION | start transaction
                    DDL         | drop table t
                    READ        | declare c no scroll cursor with hold for select 1
                    OTHER       | declare x int
                    CALL        | do sleep(5)
                    OTHER       | describe t
                    MERGE       | upsert into t values (1)
                    SESSION     | use shop
                    DDL         | import foreign schema s from server r into t
                    READ        | with a as (select 1) select * from a
                    READ        | (select 1) union (select 2)
                    MERGE       | merge into t using s on true when matched then delete
                    MERGE       | replace t set a = 1
                    DDL         | truncate table t
                    READ        | values (1)
                    CALL        | call p()
                    READ        | /* a */ select 1 /* b */
                    """)
    void isNotFoundByTheFirstLetter(SqlKind kind, String sql) {
        assertThat(SqlShape.parse(sql).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    READ    | -- c\\r\\nselect 1
                    READ    | -- c\\rselect 1
                    READ    | --delete\\nselect 1
                    READ    | # c\\nselect 1
                    READ    | # it's\\nselect 1
                    READ    | /* x */ # c\\n # d\\n select 1
                    READ    | select a # b\\n from t
                    READ    | /* a /* delete */ insert */ select 1
                    READ    | /* a /* insert */ select 1 /* b */
                    READ    | /**/select/**/1
                    SESSION | /*!40101 set names utf8 */
                    DELETE  | /*! delete */ from t
                    DELETE  | /*M!100100 delete */ from t
                    READ    | /*+ hint */ select 1
                    OTHER   | -- select 1
                    OTHER   | /* select 1
                    """)
    void isFoundBehindComments(SqlKind kind, String sql) {
        String text = sql.replace("\\r", "\r").replace("\\n", "\n");

        assertThat(SqlShape.parse(text).kind()).isEqualTo(kind);
    }
}
