package dev.cacheproof.query.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlTablesTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', emptyValue = "", textBlock = """
                    select 1                                                              |
                    select 1 from dual                                                    |
                    select * from a, b x, c as y                                          | a b c
                    select * from a join b using (k) left join c on a.x = c.x, d          | a b c d
                    select * from a join b on case when b.x then 1 else 2 end = 1, c      | a b c
                    select * from (a cross join b) natural join c                         | a b c
                    select * from {oj a left outer join b on a.x = b.x}, c                | a b c
                    select * from shop.orders, "Shop"."Line", `x`.y, Ab, "q""r"           | shop.orders Shop.Line x.y Ab q"r
                    select a.from, b.join from t                                          | t
                    select x as from_, y as into, z as join from t                        | t
                    select (select max(x) from b) from a where exists (table c)           | a b c
                    select * from (select * from a) x, (values (1, 2)) y, (table b) z     | a b
                    select * from a where x in (select y from b order by 1, 2)            | a b
                    select * from a order by x, y                                         | a
                    select * from a where x limit 1, 2                                    | a
                    select * from a union select * from b order by x, y                   | a b
                    select * from a minus select * from b                                 | a b
                    select * from a offset, b                                             | a b
                    select * from a for update of x, y                                    | a
                    select * from a use index for order by (i), b                         | a b
                    select * from a use index for join (i), b                             | a b
                    select straight_join x from a straight_join b                         | a b
                    select * from generate_series(1, 2) g, pg_catalog.f(1), a             | a
                    select * from lateral (select * from a) x, only b, only (c)           | a b c
                    select * from unnest(x) with ordinality as t(a, b), c                 | c
                    select * from rows from (f(1), g(2)) as r, a                          | a
                    select * from t1(a) x, t2 y(a, b), c                                  | t2 c
                    select extract(year from x), substring(a from 2), trim(both from x) from a   | a
                    select extract(year from (select max(x) from b)) from a               | a b
                    select * from a where x is distinct from y and z is not distinct from w      | a
                    select distinct from a                                                | a
                    select nth_value(x, 2) from last over (order by y) from a             | a
                    select a into @v from t                                               | t
                    select a, b from t into @x, @y                                        | t
                    select x into temp n from a                                           | n a
                    with a as (select * from b) select * from a, c                        | b c
                    with item as (select * from item) select * from item                  | item
                    with recursive a as (select * from b union select * from a) table a   | b
                    with recursive a as (table b), b as (table c) table a                 | c
                    with recursive as (table b) table recursive                           | b
                    with a(x) as (table b) search depth first by x, y set z, c as (table d) select * from a, c, e | b d e
                    with a as (table b) cycle x set y using z select * from a, c          | b c
                    with a as (table b) select * from s.a                                 | b s.a
                    with A as (table b) select * from "A"                                 | b
                    with a as (table b) select * from c where exists (with c as (table d) table c) | b c d
                    select * from (with a as (table b) table a) x, a                      | b a
                    insert into a (x, y) select x, y from b                               | a b
                    insert into a select * from b on duplicate key update x = 1, y = 2    | a b
                    insert into a table b                                                 | a b
                    insert into a with c as (table b) table c                             | a b
                    insert low_priority ignore a set x = 1, y = 2                         | a
                    insert into a default values returning x, y                           | a
                    replace a values (1)                                                  | a
                    update a set x = 1, y = (select max(z) from b) where w                | a b
                    update only a as x set y = 1 from b, c x2 where d                     | a b c
                    update a join b on a.x = b.x set a.y = 1, b.z = 2                     | a b
                    update x set y = 1 from a x                                           | a
                    update a a set x = 1                                                  | a
                    update ignore a set x = 1                                             | a
                    delete from a where x in (1, 2)                                       | a
                    delete from a using b join c using (x), d where y                     | a b c d
                    delete x, y from a x join b as y using (z), c                         | a b c
                    delete from x using a x                                               | a
                    merge into a x using b y on (x.k = y.k) when matched then update set p = 1, q = 2 | a b
                    merge into a using (select * from b, c) y on true when matched then delete | a b c
                    merge into a (x) key (x) values (1)                                   | a
                    merge into a using b join c using (x) on true when matched then delete | a b c
                    select * from final table (insert into a select * from b), c          | a b c
                    with d as (delete from a returning *) insert into b select * from d   | a b
                    truncate table only a, b restart identity                             | a b
                    truncate a                                                            | a
                    create table if not exists s.a (x int, update timestamp, y int default extract(year from z)) | s.a
                    create global temporary table a as select * from b                    | a b
                    create table a (x) as (select * from b)                               | a b
                    create table a (select * from b)                                      | a b
                    create or replace view a as select * from b                           | a
                    create materialized view a as select * from b                         | a b
                    create unique index concurrently i on only a using btree (x)          | a
                    create trigger t after insert or update of x on a for each row call "y" | a
                    alter table if exists only a add foreign key (x) references b (y)     | a
                    drop table if exists a, s.b cascade                                   | a s.b
                    load data infile 'x' into table a                                     | a
                    copy s.a (x, y) from stdin                                            | s.a
                    copy (select * from a) to stdout                                      | a
                    declare c cursor for select * from a                                  | a
                    set @x = (select max(y) from a)                                       | a
                    commit                                                                |
                    show tables                                                           |
                    """)
    void areThoseThatTheStatementNames(String sql, String tables) {
        SqlStatement statement = only(sql);

        assertThat(statement.tablesKnown()).isTrue();
        assertThat(statement.tables()).isEqualTo(tables == null ? Set.of() : Set.of(tables.split(" ", 0)));
    }

    /** What is not known must be told from what is not there. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "call f()",
                "{call f()}",
                "do $$ $$",
                "explain select * from a",
                "begin insert into a values (1); end",
                "grant select on a to b",
                "rename table a to b",
                "drop schema s cascade",
                "drop index i",
                "drop trigger t",
                "create function a() returns int as $$ $$",
                "create table",
                "truncate",
                "lock table a",
                "fetch 5 from c",
                "load data infile 'x'",
                "declare x int",
                "select * from a, @b",
                "select * from a, ?",
                "select * from a where x = 'unterminated",
                "select * from \"a",
                "select * from a /* x",
                "/*! select * from a",
                "select * from (a",
                "select * from a)",
                "select * from",
                "select * from a,",
                "select * from (select * from) x, a",
                "select * from where x = 1",
                "select * from a join on b",
                "with a as (table b) select * from \"A\"",
                "delete a where x = 1",
                "update set x = 1",
                "insert into values (1)",
                "insert into ? values (1)",
                "select '\\' or a = ', 1, '\\' from a",
                ""
            })
    void areNotKnownWhereTheTextDoesNotTell(String sql) {
        List<SqlStatement> statements = SqlShape.parse(sql).statements();

        assertThat(statements).allSatisfy(statement -> {
            assertThat(statement.tablesKnown()).isFalse();
            assertThat(statement.tables()).isEmpty();
        });
    }

    @Test
    void ofManyNamesAreAllFound() {
        Set<String> names = IntStream.range(0, 20_000).mapToObj(i -> "t" + i).collect(Collectors.toSet());

        assertThat(only("select * from " + String.join(", ", names)).tables()).isEqualTo(names);
    }

    private static SqlStatement only(String sql) {
        List<SqlStatement> statements = SqlShape.parse(sql).statements();
        assertThat(statements).hasSize(1);
        return statements.get(0);
    }
}
