package dev.cacheproof.query.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Operation;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqlShapeTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    select * from t where id = 7                | select * from t where id = ?
                    select 1.5, 0x1F, 2e10                      | select ?, ?, ?
                    select * from t1 where a_2 = 3              | select * from t1 where a_2 = ?
                    select 'it''s', 'b'                         | select ?, ?
                    select "Odd ""7"" name", `9` from t         | select "Odd ""7"" name", `9` from t
                    select $$a 'b' 7$$, $tag_1$x $$ y$tag_1$    | select ?, ?
                    select a$b$c from v$session where x$1 = $2  | select a$b$c from v$session where x$1 = $2
                    select 1 -- one                             | select ?
                    /* who: 'x */ select /* 'why */ 1           | select ?
                    select * from t where a in (1, 2, 3)        | select * from t where a in (?...)
                    select * from t where a IN(?,?)             | select * from t where a IN(?...)
                    select * from t where a in ( $1, $2 )       | select * from t where a in (?...)
                    select * from t where a in (?)              | select * from t where a in (?)
                    select * from t where a in (select b from c)| select * from t where a in (select b from c)
                    select .5, 7., 1e-5, 2E+10, 0xFF, 0b01      | select ?, ?, ?, ?, ?, ?
                    select E'\\'', e'\\\\', N'x', b'01', X'fF' | select ?, ?, ?, ?, ?
                    select U&'\\0061', _utf8'x', date '2020-1-1' | select ?, _utf8?, date ?
                    select '', 'a\\\\', '\\n', '-- x', '/*'  | select ?, ?, ?, ?, ?
                    select * from 2fa join 2024_01 on 0x_ = 1_0 | select * from 2fa join 2024_01 on 0x_ = 1_0
                    select t.5, 1..2, t.5x, a1e5, e1            | select t.?, ?.?, t.5x, a1e5, e1
                    select -1, (+2), a -1, a - 1, b = -1 or -2  | select ?, (?), a -?, a - ?, b = ? or ?
                    select a - -1, - a, -?                      | select a - -?, - a, -?
                    select ?, ?1, $1, :name, a::int, b[1:2]     | select ?, ?1, $1, :name, a::int, b[?:?]
                    SELECT Ab from T where X in (:a, :b)        | SELECT Ab from T where X in (?...)
                    select 1 where a in (-1, null, true, :x)    | select ? where a in (?...)
                    select 1 where a in ('a'::uuid, $1::uuid)   | select ? where a in (?::uuid...)
                    select 1 where a in (lower(?), lower('x'))  | select ? where a in (lower(?)...)
                    select 1 where (a, b) in ((1, 2), (?, -4))  | select ? where (a, b) in ((?, ?)...)
                    select 1 where a in (b, c) or a in (b, b)   | select ? where a in (b, c) or a in (b, b)
                    select 1 where a in (1, b) or a in (1, 2,)  | select ? where a in (?, b) or a in (?, ?,)
                    select 1 where a in ()                      | select ? where a in ()
                    insert into t values (1, null)              | insert into t values (?, null)
                    insert into t values (1, null), (?, 'x')    | insert into t values (?, ?)...
                    insert into t values(1),(2),(3) returning a | insert into t values(?)... returning a
                    insert into t values row(1, 2), row(3, 4)   | insert into t values row(?, ?)...
                    insert into t values (1, now()), (2, now()) | insert into t values (?, now())...
                    insert into t values (1), (1, 2)            | insert into t values (?), (?, ?)
                    insert into t values (1, default), (2, 3)   | insert into t values (?, default), (?, ?)
                    update t set a = values(a), b = values(b)   | update t set a = values(a), b = values(b)
                    select ( 1 ), [ 2 ] ;                       | select (?), [?];
                    select/**/a/*! , b */from t                 | select a, b from t
                    select a #> '{x}' # 3                       | select a #> ? # ?
                    select 'unterminated                        | select ?
                    select "unterminated                        | select "unterminated
                    select $x$unterminated                      | select ?
                    select 1 /* unterminated                    | select ?
                    """)
    void ofATextLeavesOutItsValues(String sql, String shape) {
        assertThat(SqlShape.parse(sql).text()).isEqualTo(shape);
    }

    @Test
    void ofTextsThatDifferInWhiteSpaceAndCommentsIsOne() {
        assertThat(SqlShape.parse("  select\n\t1 -- x\r\n from t\n"))
                .isEqualTo(SqlShape.parse("select 2 /* y */ from t"));
    }

    /** Standard SQL ends a string at the quote in {@code \\'}, MySQL does not: only one of them can be meant here. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    select 'it\\'s', 5 from t                       | select ?, ? from t
                    select 'a\\', 'b' from t                       | select ?, ? from t
                    select * from t where a like '%' escape '\\'   | select * from t where a like ? escape ?
                    select "say \\"hi\\"", 'x' from t            | select ?, ? from t
                    select E'it\\'s', 'x' from t                   | select ?, ? from t
                    """)
    void ofATextWithABackslashBeforeAQuoteIsThatOfTheDialectThatTakesIt(String sql, String shape) {
        assertThat(SqlShape.parse(sql).text()).isEqualTo(shape);
    }

    /** What is code in one dialect is a string or a comment in the other: another text must not be taken for the same. */
    @Test
    void ofATextThatDialectsReadDifferentlyIsTheTextItself() {
        String neither = "select '\\' or a = ', 1, '\\'";
        String either = "select '\\'' -- ' from t where a = 1";

        assertThat(SqlShape.parse(" " + neither + "\n").text()).isEqualTo(neither);
        assertThat(SqlShape.parse(either).text()).isEqualTo(either);
    }

    @Test
    void ofAVeryLongListIsFound() {
        String list = IntStream.range(0, 100_000).mapToObj(String::valueOf).collect(Collectors.joining(", "));

        assertThat(SqlShape.parse("select * from t where id in (" + list + ")").text())
                .isEqualTo("select * from t where id in (?...)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN",
                "begin;",
                "/* app */ Begin Work",
                "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
                "START TRANSACTION",
                "START TRANSACTION WITH CONSISTENT SNAPSHOT",
                "COMMIT",
                ";; commit",
                "/*! commit */",
                "commit work ;",
                "commit and chain no release",
                "release savepoint",
                "COMMIT AND NO CHAIN",
                "COMMIT PREPARED 'x'",
                "END",
                "ABORT",
                "ROLLBACK",
                "ROLLBACK TO SAVEPOINT s1",
                "rollback to \"my savepoint\"",
                "SAVEPOINT s1",
                "RELEASE SAVEPOINT `s`",
                "release s1"
            })
    void recognizesTransactionControl(String sql) {
        assertThat(SqlShape.parse(sql).isTransactionControl()).isTrue();
    }

    /** What is taken for transaction control is not counted, so nothing that may do work must be. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "COMMIT; SELECT 1",
                "BEGIN; INSERT INTO t VALUES (1); COMMIT",
                "BEGIN INSERT INTO t VALUES (1); END;",
                "BEGIN proc; END",
                "BEGIN TRAN INSERT INTO t VALUES (1) COMMIT",
                "COMMIT SELECT 1",
                "START REPLICA",
                "END IF; SELECT 1",
                "release_locks",
                "SAVEPOINT a; DELETE FROM t",
                "beginning",
                "CALL commit",
                "SELECT 1 -- commit",
                "'commit'",
                "\"commit\"",
                "(commit)",
                "savepoint \"a",
                "savepoint 'a'",
                "savepoint a b",
                "rollback to",
                "commit and",
                "commit no",
                "start",
                "commit prepared x",
                "begin; commit",
                "prepare transaction 'x'",
                "set transaction read only",
                ""
            })
    void takesNothingElseForTransactionControl(String sql) {
        assertThat(SqlShape.parse(sql).isTransactionControl()).isFalse();
    }

    @Test
    void ofAnyTextIsFoundWithoutAnError() {
        long seed = 20_260_901;
        Random random = new Random(seed);
        String[] parts = {
            "'", "\"", "`", "$", "$$", "$a$", "--", "/*", "*/", "\n", " ", ",", "(", ")", "in (", "?", "7", "x", ";",
            "\\", "begin", "commit", "read", "\ud800", "é", "\0", "."
        };
        for (int run = 0; run < 20_000; run++) {
            String sql = random.ints(random.nextInt(30), 0, parts.length)
                    .mapToObj(i -> parts[i])
                    .collect(Collectors.joining());
            SqlShape shape = SqlShape.parse(sql);
            assertThat(shape.text())
                    .as("seed %d, %s", seed, sql)
                    .isEqualTo(shape.text().strip());
        }
    }

    @Test
    void ofALongRepetitionIsFoundWithoutAnError() {
        for (String part : new String[] {"read ", "begin ", "; ", "(", "in (", "/*", "$a", "'", "?,", "in (?,?) "}) {
            assertThat(SqlShape.parse("begin " + part.repeat(50_000)).text()).startsWith("begin");
        }
    }

    @Test
    void isRememberedUpToALimit() {
        SqlShape.Memo memo = new SqlShape.Memo();
        SqlShape first = memo.of("select 1");
        for (int i = 0; i < 3_000; i++) {
            assertThat(memo.of("select " + i + " from t" + i).text()).isEqualTo("select ? from t" + i);
        }

        assertThat(memo.of("select 1")).isSameAs(first);
        assertThat(memo.of("select 2999 from t2999")).isNotSameAs(memo.of("select 2999 from t2999"));
    }

    @Test
    void knowsTheTablesOfWhatIsDoneWithAResultWhereItIsOfOneStatement() {
        SqlShape update = SqlShape.parse("select name from item").doing(SqlKind.UPDATE);

        assertThat(update.kind()).isEqualTo(SqlKind.UPDATE);
        assertThat(update.statements().get(0).tables()).containsExactly("item");
        assertThat(update.statements().get(0).work().effects())
                .containsExactly(new Operation.Effect("UPDATE", "item", true));
        assertThat(SqlShape.parse("select * from item, tag")
                        .doing(SqlKind.DELETE)
                        .statements()
                        .get(0)
                        .work()
                        .effects())
                .as("one of them")
                .containsExactly(
                        new Operation.Effect("DELETE", "item", false), new Operation.Effect("DELETE", "tag", false));
        for (String unknown : List.of("call f()", "select name from item; select id from tag")) {
            assertThat(SqlShape.parse(unknown).doing(SqlKind.UPDATE).statements())
                    .containsExactly(SqlStatement.ofUnknownTables(SqlKind.UPDATE));
        }
    }
}
