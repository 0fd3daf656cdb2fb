package dev.cacheproof.query.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long and deep texts: none may need a stack as deep as it is, or more than linear time. */
class SqlSizeTests {

    private static final String PARTS = """
            (¦)¦select * from (¦(select 1 from a where x in (¦((1, 2), (¦in (1, ¦values (1), (¦, (1)¦\
            with a as (¦with a as (select 1), b as (¦with recursive a(x) as (select 1) (¦/*¦/* */¦\
            /* /* */ ¦/*!¦*/¦'¦\\'¦'\\' ¦''¦"¦$a¦$a$¦$$¦--¦#¦a.¦::¦:a¦1.¦1e¦0x¦;¦begin;¦\
            create function begin;¦declare;¦case when ¦a, ¦from a, ¦join a using (¦U&¦\0¦\ud800¦é¦\\¦\
            final table (insert into t ¦{¦?¦-1¦in (null, ¦select a from b; \
            """;

    static Stream<String> parts() {
        return Stream.of(PARTS.split("¦", 0));
    }

    @ParameterizedTest
    @MethodSource("parts")
    void shapesAreFoundOfLongRepetitions(String part) {
        String sql = part.repeat(30_000 / part.length());
        for (String text : List.of(sql, "select " + sql, "select * from t where " + sql)) {
            SqlShape shape = SqlShape.parse(text);

            // No assertion of a library here, since it would render the text.
            if (!SqlShape.parse(shape.text()).text().equals(shape.text())) {
                throw new AssertionError("the fingerprint of a repetition of " + part + " is not its own fingerprint");
            }
        }
    }

    @Test
    void aMegabyteOfValuesIsAnInsertLikeAnyOther() {
        String rows = ", (-1, 'it''s', null)".repeat(50_000);

        assertThat(SqlShape.parse("insert into t values (2, ?, 'x')" + rows))
                .isEqualTo(SqlShape.parse("insert into t values (1, 'x', true), (2, 'y', 3)"));
    }

    @Test
    void tablesAreFoundBehindAHundredThousandParentheses() {
        assertThat(SqlShape.parse(deep(100_000)).statements())
                .isEqualTo(SqlShape.parse(deep(1)).statements());
        assertThat(SqlShape.parse("select * from " + deep(100_000)).statements())
                .isEqualTo(SqlShape.parse(deep(1)).statements());
    }

    private static String deep(int depth) {
        return "(".repeat(depth) + "select 1 from t" + ")".repeat(depth);
    }
}
