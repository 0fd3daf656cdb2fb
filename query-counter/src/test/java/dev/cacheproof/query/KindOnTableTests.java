package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static dev.cacheproof.query.QueryExpectation.exactly;
import static dev.cacheproof.query.QueryExpectation.none;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.query.sql.SqlKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Judges what is done and to which table together, for each statement by itself. */
class KindOnTableTests {

    @AutoClose
    final Database db = new Database();

    @BeforeEach
    void prepare() {
        db.unseen("create table author (id int, name varchar(50))");
        db.unseen("create table book (id int, author_id int, price int)");
        db.unseen("create table orders (book_id int)");
        db.unseen("create alias twice for 'java.lang.Math.abs(int)'");
    }

    private Block running(String sql) {
        return () -> db.execute(sql);
    }

    @Test
    void aTableThatAChangeReadsIsNotChanged() {
        Block update = running("update book set price = 1 where author_id in (select id from author)");
        Block insert = running("insert into orders select id from book");
        Block delete = running("delete from orders where book_id in (select id from book)");

        db.check()
                .assertQueries(
                        exactly(1)
                                .updates()
                                .onTable("book")
                                .and(none().updates().onTable("author")),
                        update);
        db.check().assertQueries(exactly(1).onTable("author").and(none().reads()), update);
        db.check()
                .assertQueries(
                        exactly(1)
                                .inserts()
                                .onTable("orders")
                                .and(none().inserts().onTable("book")),
                        insert);
        db.check()
                .assertQueries(
                        exactly(1)
                                .deletes()
                                .onTable("orders")
                                .and(none().deletes().onTable("book")),
                        delete);
        assertThat(textOf(() -> db.check().assertQueries(none().deletes().onTable("orders"), delete)))
                .contains("Expected no deletes of orders, but 1 ran");
    }

    @Test
    void eachStatementOfATextHasItsOwnKindAndTable() {
        Block text = running("update book set price = 1; delete from orders; select id from author");

        db.check()
                .assertQueries(
                        exactly(1)
                                .updates()
                                .onTable("book")
                                .and(exactly(1).deletes().onTable("orders"))
                                .and(exactly(1).reads().onTable("author"))
                                .and(none().deletes().onTable("book"))
                                .and(none().reads().onTable("orders"))
                                .and(exactly(1).updates().statements())
                                .and(exactly(2)
                                        .ofKind(SqlKind.UPDATE, SqlKind.DELETE)
                                        .statements())
                                .and(exactly(1).updates().rows())
                                .and(exactly(2).onTable("book", "orders").statements()),
                        text);
    }

    @Test
    void eachStatementOfABatchHasItsOwnKindAndTable() {
        Block batch = () -> {
            try (Connection connection = db.connect();
                    Statement statement = connection.createStatement()) {
                statement.addBatch("update book set price = 1");
                statement.addBatch("update book set price = 1");
                statement.addBatch("delete from orders");
                statement.executeBatch();
            }
        };

        db.check()
                .assertQueries(
                        exactly(1)
                                .deletes()
                                .onTable("orders")
                                .and(none().deletes().onTable("book"))
                                .and(exactly(2).updates().statements())
                                .and(exactly(2).updates().rows())
                                .and(exactly(1).deletes().rows())
                                .and(exactly(3).rows()),
                        batch);
    }

    @Test
    void aPreparedTextOfTwoStatementsIsRunForEachRow() {
        Block batch = () -> {
            try (Connection connection = db.connect();
                    PreparedStatement statement = connection.prepareStatement(
                            "delete from orders where book_id = ?; delete from book where id = ?")) {
                for (int row = 0; row < 2; row++) {
                    statement.setInt(1, row);
                    statement.setInt(2, row);
                    statement.addBatch();
                }
                statement.executeBatch();
            }
        };

        db.check()
                .assertQueries(
                        exactly(2)
                                .statements()
                                .and(exactly(1).deletes().onTable("book").statements()),
                        batch);
        db.check()
                .assertQueries(
                        exactly(4)
                                .rows()
                                .and(exactly(2).deletes().onTable("book").rows()),
                        batch);
    }

    @Test
    void aFunctionThatIsNotKnownMayChangeAnything() {
        Block read = running("select twice(1), count(*), coalesce(max(name), lower('A')), now() from item");

        db.check()
                .assertQueries(
                        exactly(1)
                                .reads()
                                .and(exactly(1).reads().onTable("item"))
                                .and(exactly(1).onTable("item")),
                        read);
        db.check()
                .assertQueries(
                        none().deletes()
                                .matching(
                                        "but for twice", query -> !query.text().contains("twice(")),
                        read);
        assertThat(textOf(() -> db.check().assertQueries(none().deletes(), read)))
                .contains("but 0 to 1 ran");
        assertThat(textOf(() -> db.check().assertQueries(none().onTable("orders"), read)))
                .contains("but 0 to 1 ran");
        assertThat(textOf(() -> db.check().assertQueries(none().reads().onTable("orders"), read)))
                .contains("but 0 to 1 ran");
        db.check().assertQueries(none().ofKind(SqlKind.SESSION, SqlKind.TRANSACTION), read);
        assertThat(textOf(() -> db.check().assertQueries(none().deletes(), running("update item set id = twice(id)"))))
                .contains("but 0 to 1 ran");
        db.check().assertQueries(none().reads().onTable("orders"), running("update item set id = twice(id)"));
        db.check()
                .assertQueries(
                        none().deletes().and(none().onTable("orders")),
                        running("select count(*), coalesce(max(name), lower('A')), now() from item"));
    }

    @Test
    void namesTheFunctionThatIsNotKnownAndShowsHowToLeaveItOut() {
        int block = here() + 1;
        String text = textOf(() -> db.check().assertQueries(none().deletes(), running("select twice(1) from item")));

        assertThat(text).isEqualTo("""
                Expected no deletes, but 0 to 1 ran in the block at (KindOnTableTests.java:%d)

                  not known   1x select twice(1) from item, which may be counted or not: what twice does is not known
                  counted on  %s

                  What to do: what a statement does cannot be known from its text alone: leave out what you know to do nothing of
                    the kind, matching("but for twice", query -> !query.text().contains("twice(")),
                    or expect a number of all queries.\
                """.formatted(block, db.name()));
    }

    @Test
    void namesTheTableWithoutASchemaAndShowsHowToExpectIt() {
        int block = here() + 1;
        String text = textOf(() -> db.check().assertQueries(none().onTable("public.item"), () -> db.name(1)));

        assertThat(text).isEqualTo("""
                Expected no queries of public.item, but 0 to 1 ran in the block at (KindOnTableTests.java:%d)

                  not known   1x select name from item where id = ?, which may be counted or not: its item may be public.item
                  counted on  %s

                  What to do: name the table as the text does, such as onTable("item").\
                """.formatted(block, db.name()));
    }

    @Test
    void aTableWithoutASchemaMayBeThatOfAnySchema() {
        Block read = running("select name from item");

        assertThat(textOf(() -> db.check().assertQueries(none().onTable("public.item"), read)))
                .contains("but 0 to 1 ran");
        db.check().assertQueries(exactly(1).onTable("ITEM"), read);
        db.check().assertQueries(none().onTable("public.items").and(none().onTable("item.public")), read);
        db.check().assertQueries(exactly(1).onTable("item"), running("select name from public.item"));
        db.check().assertQueries(none().onTable("other.item"), running("select name from public.item"));
    }
}
