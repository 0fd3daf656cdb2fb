package dev.cacheproof.query.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Feeds what no database would take, and what all would take in many spellings. */
class SqlFuzzTests {

    private static final long SEED = 20_261_130;

    private static final String[] SOUP = """
            '¦''¦"¦`¦$¦$$¦$a$¦$1¦--¦#¦/*¦/*!¦/*!50000¦*/¦\n¦\r¦ ¦ ¦ ¦,¦(¦)¦[¦]¦{¦}¦;¦\\¦\\'¦\\"¦.¦...¦:¦::¦\
            =¦-¦+¦?¦?1¦7¦1.5¦.5¦1e-5¦0xF¦2x¦x¦a1¦é¦\ud83d\ude00¦\ud800¦\0¦\u00a0¦E'¦e'\\''¦N'¦U&'¦U&"¦in (¦\
            in(¦values ¦value¦values (1), (2)¦row(¦null¦begin¦commit¦read¦select¦from¦with¦as¦as (¦\
            insert into¦update¦delete from¦merge¦using¦set¦join¦table¦create¦function¦trigger¦then¦end¦\
            case¦when¦for¦{call¦declare¦cursor¦copy¦to¦into¦with a as (¦savepoint¦release¦explain¦only¦\
            final table (\
            """.split("¦", 0);

    private static final String[] STATEMENTS = {
        "select a.x, 'it''s', 1.5 from shop.orders a, \"Line\" b where a.x in (1, 2, 3) and b.y like '%' escape '\\'",
        "with recursive c(n) as (select 1 union all select n + 1 from c where n < 5) select * from c join d using (n)",
        "with d as (delete from a where x = -1 returning *) select * from d",
        "insert into t (a, b) values (1, null), (2, 'x') on conflict (a) do update set b = excluded.b",
        "select id from final table (insert into t (a) values (?)) where id = :id or id = $1",
        "merge into t using (select 1 x) s on (t.x = s.x) when matched then update set y = 1 when not matched then delete",
        "update t set a = case when b then 'a\\'b' else E'\\'' end from u where t.a is distinct from u.a",
        "create function f() returns trigger as $f$ begin; end; $f$ language plpgsql; select 1",
        "create trigger t before insert on x for each row begin set new.a = 1; set new.b = 2; end",
        "/* a /* b */ c */ begin; -- c\r\nrollback to savepoint \"s\"; /*!40101 set names utf8 */; commit",
        "(select 1) union (table b) order by 1; truncate table a, b; {? = call f(?, 'x')}",
    };

    @Test
    void findsForTokenSoupWhatItFindsForTheFingerprint() {
        Random random = new Random(SEED);
        for (int run = 0; run < 10_000; run++) {
            String sql = random.ints(random.nextInt(25), 0, SOUP.length)
                    .mapToObj(i -> SOUP[i] + (random.nextBoolean() ? " " : ""))
                    .collect(Collectors.joining());
            assertFingerprintStandsFor(sql);
        }
    }

    @Test
    void findsForBrokenStatementsWhatItFindsForTheFingerprint() {
        Random random = new Random(SEED);
        for (int run = 0; run < 5_000; run++) {
            StringBuilder sql = new StringBuilder(STATEMENTS[random.nextInt(STATEMENTS.length)]);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int from = random.nextInt(sql.length() + 1);
                int to = Math.min(sql.length(), from + random.nextInt(6));
                sql.replace(from, to, random.nextBoolean() ? "" : SOUP[random.nextInt(SOUP.length)]);
            }
            assertFingerprintStandsFor(sql.toString());
        }
    }

    private static void assertFingerprintStandsFor(String sql) {
        SqlShape shape = SqlShape.parse(sql);
        SqlShape again = SqlShape.parse(shape.text());
        if (!again.text().equals(shape.text()) || !kinds(again).equals(kinds(shape))) {
            assertThat(again.text() + kinds(again))
                    .as("seed %d, <%s>", SEED, sql)
                    .isEqualTo(shape.text() + kinds(shape));
        }
        assertThat(shape.kind()).isNotNull();
    }

    private static List<SqlKind> kinds(SqlShape shape) {
        return shape.statements().stream().map(SqlStatement::kind).toList();
    }

    private static final String[] PARTS = """
            select¦from¦where¦t¦shop.orders¦"Line"¦`x`¦join¦on¦=¦<>¦,¦(¦)¦;¦in¦values¦insert into¦update¦\
            set¦delete from¦with a as¦and¦between¦case¦when¦then¦end¦?¦:name¦::int¦is null¦limit¦\
            create table¦-¦||¦commit¦as\
            """.split("¦", 0);

    private static final String[] LITERALS = """
            1¦0¦1.5¦1e-5¦2E+10¦.5¦7.¦0xFF¦0b01¦'a'¦''¦'it''s'¦'\\\\'¦'-- x'¦'/* '¦E'\\''¦e'\\\\'¦N'x'¦\
            b'01'¦X'fF'¦U&'\\0061'¦$$ ' $$¦$a$ $$ $a$¦'\n'¦'\ud800'¦'\0'\
            """.split("¦", 0);

    private static final String[] GAPS = """
            \n¦ ¦  ¦\t¦\r\n¦ /* c */ ¦/* ' */¦ /* /* ; */ " */¦ -- it's\n¦ --\r¦/*+ x */¦/**/\
            """.split("¦", 0);

    @Test
    void findsTheSameWhateverTheLiteralsTheWhiteSpaceAndTheComments() {
        Random random = new Random(SEED);
        for (int run = 0; run < 5_000; run++) {
            int[] parts = random.ints(random.nextInt(20), 0, PARTS.length + 10).toArray();
            String plain = join(parts, () -> "1", () -> " ");
            String other = join(parts, any(LITERALS, random), any(GAPS, random));
            SqlShape shape = SqlShape.parse(other);
            if (!shape.equals(SqlShape.parse(plain))) {
                assertThat(shape).as("seed %d, <%s>", SEED, other).isEqualTo(SqlShape.parse(plain));
            }
        }
    }

    private static Supplier<String> any(String[] texts, Random random) {
        return () -> texts[random.nextInt(texts.length)];
    }

    private static String join(int[] parts, Supplier<String> literal, Supplier<String> gap) {
        StringBuilder sql = new StringBuilder();
        for (int part : parts) {
            sql.append(part < PARTS.length ? PARTS[part] : literal.get()).append(gap.get());
        }
        return sql.toString();
    }
}
