package dev.cacheproof.query.library;

import static dev.cacheproof.query.QueryAssertions.on;
import static dev.cacheproof.query.QueryAssertions.scale;
import static dev.cacheproof.query.QueryExpectation.exactly;
import static dev.cacheproof.query.QueryExpectation.none;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.query.Block;
import dev.cacheproof.query.ScaledBlock;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@ResourceLock(value = "unattributed queries", mode = ResourceAccessMode.READ) // it asks outside of scopes, too
class JdbcTemplateTests {

    private static final String INSERT = "insert into orders (customer) values (?)";
    private static final List<String> CUSTOMERS = List.of("dan", "eve", "fay", "guy", "hal");

    @ParameterizedTest
    @EnumSource
    void aBatchUpdateIsOneRoundTripOfItsRows(Vendor vendor) {
        DataSource source = vendor.watched();
        JdbcTemplate template = new JdbcTemplate(source);
        List<Object[]> rows =
                CUSTOMERS.stream().map(name -> new Object[] {name}).toList();

        int[] updated = on(source)
                .assertQueries(
                        exactly(1)
                                .and(exactly(1).inserts().statements().onTable("orders"))
                                .and(exactly(5).inserts().rows()),
                        () -> template.batchUpdate(INSERT, rows));

        assertThat(updated).containsOnly(1).hasSize(5);
    }

    @ParameterizedTest
    @EnumSource
    void aBatchUpdateInPortionsIsOneRoundTripForEach(Vendor vendor) {
        DataSource source = vendor.watched();
        JdbcTemplate template = new JdbcTemplate(source);

        on(source)
                .assertQueries(
                        exactly(3).inserts().and(exactly(5).inserts().rows()),
                        () -> template.batchUpdate(INSERT, CUSTOMERS, 2, (insert, name) -> insert.setString(1, name)));
    }

    @ParameterizedTest
    @EnumSource
    void aBatchOfTextsIsOneRoundTripOfItsStatements(Vendor vendor) {
        DataSource source = vendor.watched();
        JdbcTemplate template = new JdbcTemplate(source);

        on(source)
                .assertQueries(
                        exactly(1).and(exactly(2).statements()).and(exactly(1).deletes()),
                        () -> template.batchUpdate(
                                "delete from order_line where order_id = 3", "delete from orders where id = 3"));
    }

    @ParameterizedTest
    @EnumSource
    void generatedKeysComeWithTheirInsert(Vendor vendor) {
        DataSource source = vendor.watched();
        SimpleJdbcInsert insert = new SimpleJdbcInsert(source)
                .withTableName("orders")
                .withoutTableColumnMetaDataAccess()
                .usingColumns("customer")
                .usingGeneratedKeyColumns("id");

        Number id = on(source)
                .assertQueries(
                        exactly(1).and(exactly(1).inserts().onTable("orders")),
                        () -> insert.executeAndReturnKey(Map.of("customer", "dan")));

        assertThat(id).isEqualTo(4L);
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionIsShownAndNotCounted(Vendor vendor) {
        DataSource source = vendor.watched();
        JdbcTemplate template = new JdbcTemplate(source);
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(source));
        Block block = () -> transaction.executeWithoutResult(status -> {
            template.update("update orders set customer = 'x' where id = ?", 1);
            template.update("delete from order_line where order_id = ?", 1);
        });

        on(source)
                .assertQueries(
                        exactly(2).and(exactly(1).updates()).and(exactly(1).deletes()), block);
        assertThatThrownBy(() -> on(source).assertNumQueries(0, block))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("3 of transaction control: SET AUTOCOMMIT false, COMMIT, SET AUTOCOMMIT true");
        assertThatThrownBy(() -> on(source)
                        .assertNumQueries(
                                0,
                                () -> transaction.executeWithoutResult(status -> {
                                    template.update("delete from order_line");
                                    status.setRollbackOnly();
                                })))
                .hasMessageContaining("Expected 0 queries, but 1 ran")
                .hasMessageContaining("ROLLBACK");
    }

    /** Spring asks for the database's name to translate the exception, which is no query. */
    @ParameterizedTest
    @EnumSource
    void aQueryThatFailsIsOne(Vendor vendor) {
        DataSource source = vendor.watched();
        JdbcTemplate template = new JdbcTemplate(source);

        on(source)
                .assertQueries(
                        exactly(1).inserts().and(exactly(1)),
                        () -> assertThatThrownBy(
                                        () -> template.update("insert into orders (id, customer) values (1, 'dan')"))
                                .isInstanceOf(DuplicateKeyException.class));
    }

    @ParameterizedTest
    @EnumSource
    void findsAnNPlusOneAndWhatMendsIt(Vendor vendor) {
        DataSource source = vendor.watched();
        JdbcTemplate template = new JdbcTemplate(source);
        ScaledBlock oneByOne = n -> LongStream.rangeClosed(1, n)
                .forEach(id ->
                        template.queryForList("select article from order_line where order_id = ?", String.class, id));
        ScaledBlock together = n -> new NamedParameterJdbcTemplate(source)
                .queryForList(
                        "select article from order_line where order_id in (:ids)",
                        Map.of("ids", LongStream.rangeClosed(1, n).boxed().toList()),
                        String.class);

        assertThatThrownBy(() -> on(source).assertNoNPlusOne(() -> oneByOne.run(3)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("3x select article from order_line where order_id = ?")
                .hasMessageContaining("at JdbcTemplateTests.");
        assertThatThrownBy(() -> on(source).assertNoNPlusOne(scale(1, 3), oneByOne))
                .hasMessageContaining("they grow: 1 for 1, 3 for 3");
        on(source).assertNoNPlusOne(() -> together.run(3));
        on(source).assertNoNPlusOne(scale(1, 3), together);
        on(source).assertQueries(exactly(1).reads().and(none()).inserts(), () -> together.run(3));
    }
}
