package dev.cacheproof.query.sql;

import static dev.cacheproof.query.sql.SqlKind.DELETE;
import static dev.cacheproof.query.sql.SqlKind.INSERT;
import static dev.cacheproof.query.sql.SqlKind.OTHER;
import static dev.cacheproof.query.sql.SqlKind.READ;
import static dev.cacheproof.query.sql.SqlKind.TRANSACTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlStatementsTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    0 | ~~
                    0 | ;; ; /* select 1 */
                    1 | select 1
                    1 | select 1;
                    1 | ; select 1 ; -- x; y
                    3 | a; b; c
                    2 | select ';', ";", `;`, $$;$$, $a$;$$;$a$ /* ; */; select E'\\';'
                    2 | insert into t values (';'';'); delete from t
                    1 | select 'it\\'s; not over'
                    1 | create rule r as on insert to t do instead (delete from u; delete from v)
                    2 | create function f() returns int as $$ begin; end $$ language plpgsql; select 1
                    2 | create alias f as $$ int f() { return 1; } $$; select 1
                    2 | create function f() returns int return 1; select 1
                    1 | create function f() returns int begin atomic select 1; select 2; end
                    1 | create definer = 'a'@'b' procedure p() begin select 1; end
                    1 | create or replace trigger t before insert on u for each row begin set x = 1; set y = 2; end
                    1 | create trigger t after insert on u for each row if x then set y = 1; end if
                    2 | create trigger t after insert on u for each row set new.x = 1; select 1
                    1 | alter event e do begin delete from t; delete from u; end
                    1 | begin not atomic select 1; select 2; end
                    1 | begin p; end
                    3 | begin; delete from t; end
                    1 | declare x int; begin select 1; end
                    1 | declare cursor c is select 1; begin null; end
                    3 | declare c cursor for select 1; fetch c; close c
                    1 | if x then select 1; end if
                    2 | end if; select 1
                    2 | do $$ begin; end $$; select 1
                    2 | create table t (begin int, event int); select 1
                    2 | create index trigger on t (a); begin
                    2 | select case when a then b end from event; select 1
                    """)
    void areDividedWhereTheirGrammarIsKnown(int count, String sql) {
        assertThat(SqlShape.parse(sql).statements()).hasSize(count);
    }

    @Test
    void eachHaveAKindAndTables() {
        SqlShape shape = SqlShape.parse("begin; insert into a select * from b; delete from \"C\"; commit");

        assertThat(shape.statements())
                .extracting(SqlStatement::kind, SqlStatement::tables)
                .containsExactly(
                        tuple(TRANSACTION, Set.of()),
                        tuple(INSERT, Set.of("a", "b")),
                        tuple(DELETE, Set.of("C")),
                        tuple(TRANSACTION, Set.of()));
        assertThat(shape.statements()).allMatch(SqlStatement::tablesKnown);
    }

    @Test
    void giveTheTextTheKindThatTheyHaveInCommon() {
        assertThat(SqlShape.parse("select 1; values (2);").kind()).isEqualTo(READ);
        assertThat(SqlShape.parse("select 1; delete from t").kind()).isEqualTo(OTHER);
        assertThat(SqlShape.parse("").kind()).isEqualTo(OTHER);
    }

    /** Each is control, but only one alone is left out of the count. */
    @Test
    void areNoTransactionControlTogether() {
        SqlShape shape = SqlShape.parse("begin; commit");

        assertThat(shape.kind()).isEqualTo(TRANSACTION);
        assertThat(shape.isTransactionControl()).isFalse();
    }

    /** A text whose quotes end elsewhere in each dialect has no statements that anybody could tell. */
    @Test
    void areOneWhereDialectsDisagreeOnTheQuotes() {
        SqlShape shape = SqlShape.parse("select '\\' or a = '; delete from t where b = '\\'");

        assertThat(shape.statements()).containsExactly(SqlStatement.ofUnknownTables(OTHER));
    }
}
