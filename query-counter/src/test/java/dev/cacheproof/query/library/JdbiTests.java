package dev.cacheproof.query.library;

import static dev.cacheproof.query.QueryAssertions.on;
import static dev.cacheproof.query.QueryExpectation.exactly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.query.Block;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ResourceLock(value = "unattributed queries", mode = ResourceAccessMode.READ) // it asks outside of scopes, too
class JdbiTests {

    private static final String INSERT = "insert into orders (customer) values (:customer)";

    private static PreparedBatch batch(Handle handle) {
        PreparedBatch batch = handle.prepareBatch(INSERT);
        Stream.of("dan", "eve", "fay")
                .forEach(name -> batch.bind("customer", name).add());
        return batch;
    }

    @ParameterizedTest
    @EnumSource
    void aPreparedBatchIsOneRoundTripOfItsRows(Vendor vendor) {
        DataSource source = vendor.watched();
        Jdbi jdbi = Jdbi.create(source);

        int[] updated = on(source)
                .assertQueries(
                        exactly(1)
                                .and(exactly(1).inserts().statements().onTable("orders"))
                                .and(exactly(3).inserts().rows()),
                        () -> jdbi.withHandle(handle -> batch(handle).execute()));

        assertThat(updated).containsExactly(1, 1, 1);
    }

    @ParameterizedTest
    @EnumSource
    void generatedKeysOfABatchComeWithIt(Vendor vendor) {
        DataSource source = vendor.watched();
        Jdbi jdbi = Jdbi.create(source);

        List<Long> ids = on(source)
                .assertQueries(
                        exactly(1).and(exactly(3).inserts().rows()),
                        () -> jdbi.withHandle(handle -> batch(handle)
                                .executePreparedBatch("id")
                                .mapTo(Long.class)
                                .list()));

        assertThat(ids).containsExactly(4L, 5L, 6L);
    }

    @ParameterizedTest
    @EnumSource
    void idsThatAnInsertReturnsAreOfTheInsert(Vendor vendor) {
        DataSource source = vendor.watched();
        Jdbi jdbi = Jdbi.create(source);

        long id = on(source)
                .assertQueries(
                        exactly(1).and(exactly(1).inserts().onTable("orders")),
                        () -> jdbi.withHandle(handle -> handle.createQuery(vendor.returningId(INSERT))
                                .bind("customer", "dan")
                                .mapTo(Long.class)
                                .one()));

        assertThat(id).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionIsShownAndNotCounted(Vendor vendor) {
        DataSource source = vendor.watched();
        Jdbi jdbi = Jdbi.create(source);
        Block block = () -> jdbi.useTransaction(handle -> {
            batch(handle).execute();
            handle.execute("delete from order_line where order_id = ?", 1);
        });

        on(source)
                .assertQueries(
                        exactly(2)
                                .and(exactly(1).inserts())
                                .and(exactly(1).deletes().onTable("order_line")),
                        block);
        assertThatThrownBy(() -> on(source).assertNumQueries(0, block))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Expected 0 queries, but 2 ran")
                .hasMessageContaining("3 of transaction control: SET AUTOCOMMIT false, COMMIT, SET AUTOCOMMIT true");
    }

    @ParameterizedTest
    @EnumSource
    void findsAnNPlusOneAndWhatMendsIt(Vendor vendor) {
        DataSource source = vendor.watched();
        Jdbi jdbi = Jdbi.create(source);
        List<Long> orders = List.of(1L, 2L, 3L);
        Callable<List<String>> oneByOne = () -> jdbi.withHandle(handle -> orders.stream()
                .flatMap(id -> handle
                        .createQuery("select article from order_line where order_id = :id")
                        .bind("id", id)
                        .mapTo(String.class)
                        .stream())
                .toList());
        Callable<List<String>> together = () ->
                jdbi.withHandle(handle -> handle.createQuery("select article from order_line where order_id in (<ids>)")
                        .bindList("ids", orders)
                        .mapTo(String.class)
                        .list());

        assertThatThrownBy(() -> on(source).assertNoNPlusOne(oneByOne))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("3x select article from order_line where order_id = ?")
                .hasMessageContaining("values [1] [2] [3]")
                .hasMessageContaining("at JdbiTests.");
        assertThat(on(source).assertNoNPlusOne(together)).hasSize(6);
        on(source).assertQueries(exactly(1).and(exactly(1).reads()), together);
    }
}
