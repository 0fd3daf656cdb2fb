package dev.cacheproof.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.query.sql.SqlKind;
import dev.cacheproof.query.sql.SqlShape;
import dev.cacheproof.query.sql.SqlStatement;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What H2 does not know is judged by its text: statements of PostgreSQL and MySQL. */
class StatementFilterTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    YES     | DELETE | a     | with d as (delete from a returning *) insert into b select * from d
                    YES     | INSERT | b     | with d as (delete from a returning *) insert into b select * from d
                    NO      | DELETE | b     | with d as (delete from a returning *) insert into b select * from d
                    NO      | UPDATE |       | with d as (delete from a returning *) insert into b select * from d
                    YES     | DELETE |       | with d as (delete from a returning *) insert into b select * from d
                    YES     | OTHER  | b     | with d as (delete from a returning *) insert into b select * from d
                    NO      | READ   |       | with d as (delete from a returning *) select * from d
                    YES     | MERGE  | a     | merge into a using b on a.k = b.k when matched then delete
                    NO      | MERGE  | b     | merge into a using b on a.k = b.k when matched then delete
                    NO      | INSERT | b     | insert into a values (1) on conflict (x) do update set y = (select max(z) from b)
                    YES     | DDL    | b     | truncate table a, b
                    NO      | DELETE | a     | truncate table a, b
                    YES     | UPDATE | b     | update a join b on a.k = b.k set b.x = 1
                    NO      | UPDATE | a     | update a join b on a.k = b.k set b.x = 1
                    UNKNOWN | UPDATE | a     | update a join b on a.k = b.k set x = 1
                    NO      | UPDATE | c     | update a join b on a.k = b.k set x = 1
                    YES     |        | a     | update a join b on a.k = b.k set x = 1
                    YES     | UPDATE |       | update a join b on a.k = b.k set x = 1
                    NO      | DELETE | b     | delete a from a join b on a.k = b.k
                    UNKNOWN | INSERT | a     | insert into ? values (1)
                    NO      | DELETE | a     | insert into ? values (1)
                    UNKNOWN | DELETE |       | explain analyze delete from a
                    UNKNOWN | READ   | a     | call f()
                    YES     | CALL   |       | call f()
                    UNKNOWN | DELETE | a     | select f()
                    NO      | CALL   |       | select f()
                    YES     | UPDATE | a     | update a set x = f(x)
                    UNKNOWN | UPDATE | b     | update a set x = f(x)
                    NO      | READ   | b     | update a set x = f(x)
                    UNKNOWN |        | s.a   | select * from a
                    UNKNOWN |        | d.s.a | select * from s.a
                    NO      |        | t.a   | select * from s.a
                    YES     |        | A     | select * from s.a
                    NO      | DELETE | a     | commit
                    """)
    void tellsWhatIsDoneToWhichTable(Certainty expected, SqlKind kind, String table, String sql) {
        StatementFilter filter =
                new StatementFilter(kind == null ? Set.of() : Set.of(kind), table == null ? Set.of() : Set.of(table));
        List<SqlStatement> statements = SqlShape.parse(sql).statements();

        assertThat(statements).hasSize(1);
        assertThat(filter.includes(statements.get(0).work())).isEqualTo(expected);
    }
}
