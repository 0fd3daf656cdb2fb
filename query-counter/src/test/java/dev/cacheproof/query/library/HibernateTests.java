package dev.cacheproof.query.library;

import static dev.cacheproof.query.QueryAssertions.cold;
import static dev.cacheproof.query.QueryAssertions.on;
import static dev.cacheproof.query.QueryAssertions.scale;
import static dev.cacheproof.query.QueryExpectation.exactly;
import static dev.cacheproof.query.QueryExpectation.none;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.CacheRegistry;
import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import dev.cacheproof.query.Block;
import dev.cacheproof.query.ScaledBlock;
import jakarta.persistence.Cacheable;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.SequenceGenerator;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.annotations.Cache;
import org.hibernate.annotations.CacheConcurrencyStrategy;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.cfg.Configuration;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Hibernate without Spring, which has a watch of its own. */
@ResourceLock("unattributed queries") // Hibernate asks for its sequences when it starts
class HibernateTests {

    @Entity(name = "Order")
    @Table(name = "orders")
    @Cacheable
    @Cache(usage = CacheConcurrencyStrategy.READ_WRITE)
    static class Order {
        @Id
        @GeneratedValue(strategy = GenerationType.SEQUENCE, generator = "order_sequence")
        @SequenceGenerator(name = "order_sequence", sequenceName = "order_sequence", allocationSize = 50)
        Long id;

        String customer;

        @OneToMany(mappedBy = "order")
        List<OrderLine> lines = new ArrayList<>();

        Order() {}

        Order(String customer) {
            this.customer = customer;
        }
    }

    @Entity(name = "OrderLine")
    @Table(name = "order_line")
    static class OrderLine {
        @Id
        @GeneratedValue(strategy = GenerationType.IDENTITY)
        Long id;

        @ManyToOne(fetch = FetchType.LAZY)
        @JoinColumn(name = "order_id")
        Order order;

        String article;

        OrderLine() {}

        OrderLine(Order order, String article) {
            this.order = order;
            this.article = article;
        }
    }

    private static SessionFactory sessions(DataSource source, Map<String, Object> settings) {
        Configuration configuration =
                new Configuration().addAnnotatedClass(Order.class).addAnnotatedClass(OrderLine.class);
        configuration.getProperties().put(AvailableSettings.JAKARTA_NON_JTA_DATASOURCE, source);
        configuration.getProperties().put(AvailableSettings.USE_SECOND_LEVEL_CACHE, "false");
        configuration.getProperties().putAll(settings);
        return configuration.buildSessionFactory();
    }

    private static void persist(SessionFactory sessions, int orders) {
        sessions.inTransaction(session -> persist(session, orders));
    }

    private static void persist(Session session, int orders) {
        IntStream.range(0, orders).forEach(i -> session.persist(new Order("customer " + i)));
    }

    @ParameterizedTest
    @EnumSource
    void aBatchIsOneRoundTripOfItsRows(Vendor vendor) {
        DataSource source = vendor.watched();
        try (SessionFactory sessions = sessions(source, Map.of(AvailableSettings.STATEMENT_BATCH_SIZE, 50))) {
            persist(sessions, 1); // takes ids from the sequence, for the next ones too

            on(source)
                    .assertQueries(
                            exactly(1)
                                    .and(exactly(1).inserts().statements().onTable("orders"))
                                    .and(exactly(5).inserts().rows()),
                            () -> persist(sessions, 5));
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutBatchesEachRowIsARoundTrip(Vendor vendor) {
        DataSource source = vendor.watched();
        try (SessionFactory sessions = sessions(source, Map.of())) {
            persist(sessions, 1);

            on(source)
                    .assertQueries(exactly(5).inserts().and(exactly(5).inserts().rows()), () -> persist(sessions, 5));
            on(source)
                    .assertQueries(
                            exactly(3).inserts().and(exactly(5).inserts().rows()),
                            () -> sessions.inTransaction(session -> {
                                session.setJdbcBatchSize(2);
                                persist(session, 5);
                            }));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNextIdsOfASequenceAreARead(Vendor vendor) {
        DataSource source = vendor.watched();
        try (SessionFactory sessions = sessions(source, Map.of())) {
            on(source)
                    .assertQueries(
                            exactly(2)
                                    .and(exactly(1).reads())
                                    .and(exactly(1).inserts().onTable("orders")),
                            () -> persist(sessions, 1));
        }
    }

    /** By the driver, or by Hibernate's own SQL: a clause for PostgreSQL, and a delta table for H2. */
    @ParameterizedTest
    @CsvSource({"H2, true", "H2, false", "POSTGRESQL, true", "POSTGRESQL, false"})
    void generatedKeysComeWithTheirInsert(Vendor vendor, boolean byTheDriver) {
        DataSource source = vendor.watched();
        try (SessionFactory sessions =
                sessions(source, Map.of(AvailableSettings.USE_GET_GENERATED_KEYS, byTheDriver))) {
            OrderLine line = on(source)
                    .assertQueries(
                            exactly(1).and(exactly(1).inserts().onTable("order_line")),
                            () -> sessions.fromTransaction(session -> {
                                OrderLine added = new OrderLine(session.getReference(Order.class, 1L), "cup");
                                session.persist(added);
                                return added;
                            }));

            assertThat(line.id).isEqualTo(7);
        }
    }

    @ParameterizedTest
    @EnumSource
    void lazyLoadingIsAnNPlusOneThatAFetchJoinMends(Vendor vendor) {
        DataSource source = vendor.watched();
        try (SessionFactory sessions = sessions(source, Map.of())) {
            ScaledBlock lazily = n -> articles(sessions, "from Order o where o.id <= :n order by o.id", n);
            ScaledBlock joined =
                    n -> articles(sessions, "from Order o join fetch o.lines where o.id <= :n order by o.id", n);

            on(source)
                    .assertQueries(
                            exactly(4)
                                    .and(exactly(1).reads().onTable("orders"))
                                    .and(exactly(3).reads().onTable("order_line")),
                            () -> lazily.run(3));
            assertThatThrownBy(() -> on(source).assertNoNPlusOne(() -> lazily.run(3)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageStartingWith("Expected no N+1 in the block at (HibernateTests.java:")
                    .hasMessageContaining("N+1: same SQL, same call site, different values")
                    .hasMessageContaining("values [1] [2] [3]")
                    .hasMessageContaining("at HibernateTests.articles(HibernateTests.java:");
            assertThatThrownBy(() -> on(source).assertNoNPlusOne(scale(1, 3), lazily))
                    .hasMessageContaining("they grow: 2 for 1, 4 for 3");

            on(source).assertNoNPlusOne(() -> joined.run(3));
            on(source).assertNoNPlusOne(scale(1, 3), joined);
            on(source).assertQueries(exactly(1).and(exactly(1).reads().onTable("order_line")), () -> joined.run(3));
        }
    }

    private static void articles(SessionFactory sessions, String query, int n) {
        List<String> articles = sessions.fromSession(session -> {
            List<String> found = new ArrayList<>();
            for (Order order : session.createSelectionQuery(query, Order.class)
                    .setParameter("n", n)
                    .list()) {
                order.lines.forEach(line -> found.add(line.article));
            }
            return found;
        });
        assertThat(articles).hasSize(2 * n);
    }

    @ParameterizedTest
    @EnumSource
    void aSecondLevelSavesTheQuery(Vendor vendor) {
        DataSource source = vendor.watched();
        Map<Object, Object> entries = new ConcurrentHashMap<>();
        Map<String, Object> cached = Map.of(
                AvailableSettings.USE_SECOND_LEVEL_CACHE,
                "true",
                AvailableSettings.CACHE_REGION_FACTORY,
                new MapRegions(entries));
        try (SessionFactory sessions = sessions(source, cached);
                Scope scope = withCache(vendor, entries)) {
            Block rename = () -> sessions.inTransaction(session -> session.find(Order.class, 1L).customer = "zoe");

            String customer = on(source).assertCaching(cold(1).warm(0).after(rename, 0), () -> customer(sessions));

            assertThat(customer).as("warm").isEqualTo("ann");
            assertThat(customer(sessions)).as("after the change").isEqualTo("zoe");
            assertThat(scope.reports().get("cacheproof.caching")).contains("second level (1 new entry");
            assertThatThrownBy(() -> on(source).assertCaching(cold(1).warm(0), () -> customerByQuery(sessions)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("warm cost 1, expected 0 queries");
        }
    }

    private static String customer(SessionFactory sessions) {
        return sessions.fromTransaction(session -> session.find(Order.class, 1L).customer);
    }

    /** The second level has entities by their ids, and no answers of queries unless they are asked to be kept. */
    private static String customerByQuery(SessionFactory sessions) {
        return sessions.fromSession(
                session -> session.createSelectionQuery("select o.customer from Order o where o.id = 1", String.class)
                        .getSingleResult());
    }

    private static Scope withCache(Vendor vendor, Map<Object, Object> entries) {
        CacheRegistry registry = CacheRegistry.create().add("second level", () -> entries);
        RunningTest test = RunningTest.claiming(
                "second level " + vendor, "test", new Object(), registry.ids(), Settings.current());
        test.registry(registry);
        return Scope.named("test").root().test(test).open();
    }

    @ParameterizedTest
    @EnumSource
    void aTransactionIsShownAndNotCounted(Vendor vendor) {
        DataSource source = vendor.watched();
        try (SessionFactory sessions = sessions(source, Map.of())) {
            Callable<Integer> block = () -> sessions.fromTransaction(session -> {
                session.find(Order.class, 1L).customer += "!";
                return session.createMutationQuery("delete from OrderLine l where l.order.id = 3")
                        .executeUpdate();
            });

            on(source)
                    .assertQueries(
                            exactly(3)
                                    .and(exactly(1).reads().onTable("orders"))
                                    .and(exactly(1).updates().onTable("orders"))
                                    .and(exactly(1).deletes().onTable("order_line"))
                                    .and(none())
                                    .inserts(),
                            block);
            assertThatThrownBy(() -> on(source).assertNumQueries(0, block))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Expected 0 queries, but 3 ran")
                    .hasMessageContaining("of transaction control: SET AUTOCOMMIT false, COMMIT");
        }
    }
}
