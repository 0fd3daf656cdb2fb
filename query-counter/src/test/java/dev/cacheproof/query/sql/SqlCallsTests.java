package dev.cacheproof.query.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlCallsTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    select f()                                                       | f
                    select f(1), G (2), count(*) from t                              | G f
                    select * from f(1) x                                             | f
                    select * from t, lateral f(t.x) as y(a, b)                       | f
                    select shop.lower(x), public.f(x), other.pg_catalog.lower(x) from t | other.pg_catalog.lower public.f shop.lower
                    select "lower"(x), `f`(x) from t                                 | f lower
                    select lower(f(x)) from t                                        | f
                    select distinct on (a) f(b) from t                               | f
                    select * from a x join b y on f(x.k) = y.k                       | f
                    select * from a join b using (k) where f(k) and not g(k)         | f g
                    select * from t order by f(x)                                    | f
                    select x as f, g(x) as h from t                                  | g
                    with a(x) as (select f(1)) select * from a                       | f
                    insert into t (a, b) values (f(1), 2) returning g(a)             | f g
                    update t set a = f(a) where g(a)                                 | f g
                    delete from t where f(a)                                         | f
                    merge into t using s on f(t.a) when matched then update set a = g(s.a) | f g
                    set @x = f(1)                                                    | f
                    declare c cursor for select f(1)                                 | f
                    create table a as select f(1)                                    | f
                    select * from t, ? where f(1)                                    | f
                    select query_to_xml('delete from t', true, true, ''), lo_unlink(1), dblink_exec('x') | dblink_exec lo_unlink query_to_xml
                    """)
    void areDoubtfulWhereTheFunctionIsNotKnown(String sql, String functions) {
        assertThat(calls(sql)).isEqualTo(new TreeSet<>(Set.of(functions.split(" ", 0))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select count(*), SUM(x), coalesce(max(a), 0), lower(trim(both from b)), now(), current_timestamp(3) from t",
                "select nextval('s'), pg_catalog.lower(x), pg_advisory_xact_lock(7), last_insert_id()",
                "select extract(year from x), substring(a from 2), position('a' in b), cast(x as numeric(10, 2)) from t",
                "select x::varchar(3), x::money_type(3), cast(x as my_type(3)), cast(x as character varying(7)), cast(x as binary large object(9))",
                "select row_number() over (partition by a order by b), sum(x) filter (where (y)) over w from t window w as (order by z)",
                "select percentile_cont(0.5) within group (order by x) from t group by grouping sets ((a), (b)), rollup (c), cube (d)",
                "select * from a x (p, q), b as y (r), (select 1, 2) z (s, t), (values (1)) v(n), only (c)",
                "select * from generate_series(1, 2) as g(n), unnest(array[1, 2]) with ordinality u(a, b), system_range(1, 2)",
                "select * from a join (b join c on (b.k = c.k)) on (a.k = b.k) where (x, y) in ((1, 2)) and exists (select 1)",
                "select * from a where x = any (select 1) or not (y) and z between (1) and (2) limit (3) offset (4)",
                "select case when (a) then (b) else (c) end, interval (1) day, array(select 1), row(1, 2) from t",
                "select * from t use index (i) where match (a) against ('x' in boolean mode)",
                "select * from t tablesample system (10)",
                "with recursive a(x, y) as (select 1, 2 union all (select 3, 4)), b as materialized (table a) select * from a c(d, e), b",
                "insert into t (a, b) values (1, 2), (3, 4) on conflict (a) do update set (b) = (excluded.b)",
                "insert into shop.t as x (a) select (1)",
                "insert into t (a) values (1) on duplicate key update a = values(a)",
                "merge into t (a, b) key (a) values (1, 2)",
                "merge into t using (select 1 a) s on (t.a = s.a) when not matched then insert (a, b) values (s.a, 1)",
                "update t set (a, b) = (select 1, 2) where c in (1, 2)",
                "delete from t using u v (x, y) where t.a = v.x",
                "select json_value(x, '$.a' returning varchar(3)), {fn lower(a)}, {ts '2020-01-01 00:00:00'} from t",
                "create table t (a varchar(3), b f(3))",
            })
    void areCertainOfBuiltInFunctionsAndOfWhatIsNone(String sql) {
        assertThat(calls(sql)).isEmpty();
    }

    private static Set<String> calls(String sql) {
        Set<String> calls = new TreeSet<>();
        SqlShape.parse(sql)
                .statements()
                .forEach(statement -> calls.addAll(statement.work().calls()));
        return calls;
    }
}
