package dev.cacheproof.query.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Operation;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each statement does to which table: a question mark stands for one of several, a star for any. */
class SqlEffectsTests {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', emptyValue = "", textBlock = """
                    select * from a join b using (x) where exists (table c)                  | READ a, READ b, READ c
                    update book set x = 1 where y in (select id from author)                 | READ author, UPDATE book
                    update only a as x set y = 1 from b, c x2 where d                        | READ b, READ c, UPDATE a
                    update x set y = 1 from a x                                              | READ a, UPDATE a
                    update a join b on a.k = b.k set a.x = b.x where b.y                     | READ b, UPDATE a
                    update a x join shop.b y on x.k = y.k set y.p = f(1, 2), x.q = 2         | UPDATE a, UPDATE shop.b
                    update a, shop.b set b.x = 1                                             | READ a, UPDATE shop.b
                    update a, b set x = 1                                                    | READ a, READ b, UPDATE a?, UPDATE b?
                    update a, b set a.x = 1, y = (select max(z) from c where b.w = 2)        | READ b, READ c, UPDATE a, UPDATE b?
                    update a, b set z.x = 1                                                  | READ a, READ b, UPDATE a?, UPDATE b?
                    update a x, a y set x.p = y.p                                            | UPDATE a
                    update a join (select k from b) y on a.k = y.k set a.x = 1               | READ b, UPDATE a
                    with c as (select * from b) update c set x = 1                           | READ *, UPDATE *
                    insert into orders select * from book                                    | INSERT orders, READ book
                    insert into a values (1) on conflict (x) do update set y = (select max(z) from b) | INSERT a, READ b
                    insert into a select * from b on duplicate key update x = 1              | INSERT a, READ b
                    replace into a select * from b                                           | MERGE a, READ b
                    delete from orders where x in (select id from book)                      | DELETE orders, READ book
                    delete from a using b join c using (x), d where y                        | DELETE a, READ b, READ c, READ d
                    delete x, y from a x join b as y using (z), c                            | DELETE a, DELETE b, READ c
                    delete low_priority quick x.* from shop.a x join b on x.k = b.k          | DELETE shop.a, READ b
                    delete shop.a from shop.a join b on a.k = b.k                            | DELETE shop.a, READ b
                    delete quick from a                                                      | DELETE a
                    delete z from a join b                                                   | DELETE a?, DELETE b?, READ a, READ b
                    delete from x, b using a x join b                                        | DELETE a, DELETE b, READ a, READ b
                    merge into a x using b y on x.k = y.k when matched then delete           | MERGE a, READ b
                    with d as (delete from a returning *) insert into b select * from d, c   | DELETE a, INSERT b, READ c
                    with d as (delete from a using e returning *), f as (update b set x = 1) select * from d, c | DELETE a, READ c, READ e, UPDATE b
                    select * from old table (delete from a), b                               | DELETE a, READ b
                    truncate table a, b                                                      | DDL a, DDL b
                    drop table if exists a, s.b                                              | DDL a, DDL s.b
                    create table a as select * from b                                        | DDL a, READ b
                    select x into temp n from a                                              | DDL n, READ a
                    copy a from stdin                                                        | INSERT a
                    copy a to stdout                                                         | READ a
                    load data infile 'x' into table a                                        | INSERT a
                    insert into ? values (1)                                                 | INSERT *, READ *
                    select * from a, ?                                                       | READ *
                    grant select on a to b                                                   | DDL *, READ *
                    set @x = (select max(y) from a)                                          | READ a
                    commit                                                                   |
                    call f()                                                                 |
                    """)
    void areThoseOfTheText(String sql, String effects) {
        List<SqlStatement> statements = SqlShape.parse(sql).statements();

        assertThat(statements).hasSize(1);
        assertThat(statements.get(0).work().effects().stream()
                        .map(SqlEffectsTests::text)
                        .sorted()
                        .collect(Collectors.joining(", ")))
                .isEqualTo(effects == null ? "" : effects);
    }

    private static String text(Operation.Effect effect) {
        return effect.action() + " "
                + (effect.target() == null ? "*" : effect.target() + (effect.certain() ? "" : "?"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    false | call f()
                    false | explain delete from a
                    false | 'select'
                    true  | with d as (delete from a returning *) insert into b select * from d
                    true  | commit
                    true  | grant select on a to b
                    """)
    void areAllWhereTheStatementIsUnderstood(boolean understood, String sql) {
        assertThat(SqlShape.parse(sql).statements().get(0).work().understood()).isEqualTo(understood);
    }
}
