package dev.cacheproof.spring;

import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static dev.cacheproof.query.QueryAssertions.cold;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Scope;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.query.Surroundings.Look;
import dev.cacheproof.spring.library.Library;
import dev.cacheproof.spring.library.Shelves;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.PersistenceContext;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.hibernate.Hibernate;
import org.hibernate.SessionFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@SpringJUnitConfig(Library.class)
@CacheIsolation
class SecondLevelTests {

    @Autowired
    Shelves shelves;

    @Autowired
    EntityManagerFactory factory;

    @PersistenceContext
    @SuppressWarnings("NullAway.Init") // Spring sets it
    EntityManager entities;

    @Autowired
    PlatformTransactionManager manager;

    /** No assertion asks whether a cache in this process is watched. */
    @Test
    void declaresNothing() {
        shelves.codes();
        assertThat(Recorder.watched(Operation.Kind.CACHE)).noneMatch(name -> name.startsWith("Hibernate"));
    }

    private static List<String> cacheOperations(Callable<?> block) throws Exception {
        try (Scope scope = Scope.open("sessions")) {
            block.call();
            return scope.journal().cache().operations().stream()
                    .map(each -> each.source().replaceFirst(".*[ .$]", "") + " "
                            + each.text().replaceFirst(" .*", "") + " "
                            + each.outcome().status())
                    .collect(Collectors.toList());
        }
    }

    @RepeatedTest(3)
    void everyRegionIsColdBeforeEachTest() {
        for (Callable<?> read :
                List.<Callable<?>>of(() -> shelves.titles(1), () -> shelves.idOf("S2"), () -> shelves.codes())) {
            assertThat(cost(read)).as("cold").isPositive();
            assertThat(cost(read)).as("warm").isZero();
        }
    }

    private static long cost(Callable<?> read) {
        try (Scope scope = Scope.open("cost")) {
            read.call();
            return scope.journal().sql().count();
        } catch (Exception failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void aMockHasNone() {
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerSingleton("mock", mock(EntityManagerFactory.class));

        assertThat(new SecondLevelSource().caches(ExistingBeans.of(beans))).isEmpty();
    }

    @Test
    void showsWhatSessionsReadAndWrite() throws Exception {
        assertThat(cacheOperations(() -> shelves.titles(1)))
                .contains("Shelf GET MISS", "Shelf PUT DONE", "titles GET MISS", "titles PUT DONE")
                .doesNotContain("Shelf GET HIT", "titles GET HIT");
        assertThat(cacheOperations(() -> shelves.titles(1)))
                .contains("Shelf GET HIT", "titles GET HIT")
                .doesNotContain("Shelf GET MISS", "Shelf PUT DONE", "titles GET MISS", "titles PUT DONE");
    }

    @Test
    void showsNaturalIdsAndQueries() throws Exception {
        assertThat(cacheOperations(() -> shelves.idOf("S1"))).anyMatch(each -> each.endsWith("GET MISS"));
        assertThat(cacheOperations(() -> shelves.idOf("S1"))).hasSize(2).allMatch(each -> each.endsWith("GET HIT"));
        assertThat(cacheOperations(() -> shelves.codes()))
                .contains("default-query-results-region GET MISS", "default-query-results-region PUT DONE");
        assertThat(cacheOperations(() -> shelves.codes())).contains("default-query-results-region GET HIT");
    }

    @Test
    void provesThatTheSecondLevelSavesQueries() {
        assertThat(assertCaching(cold(2).warm(0), () -> shelves.titles(1))).containsExactly("a1", "b1");
        assertThat(CacheIsolationEngine.current().views())
                .extractingByKey("second-level cache of entityManagerFactory")
                .satisfies(view -> assertThat(view.entries()).isGreaterThan(1));
    }

    @Test
    void leavesTheApplicationItsOwnSettings() {
        SessionFactory sessions = factory.unwrap(SessionFactory.class);

        assertThat(sessions.getStatistics().isStatisticsEnabled()).isFalse();
    }

    @Test
    void findsAPersistenceContextThatAnswersBothRuns() {
        TransactionTemplate transaction = new TransactionTemplate(manager);

        assertThatThrownBy(() -> transaction.executeWithoutResult(
                        status -> assertCaching(cold(1).warm(0), () -> shelves.code(1))))
                .isInstanceOf(AssertionError.class)
                .extracting(failure -> String.valueOf(failure.getMessage()).replaceAll("\\.java:\\d+", ".java:1"))
                .isEqualTo("""
                        Caching is broken in the block at (SecondLevelTests.java:1): the same persistence context answered both runs

                          cold run: 1 query, as expected
                          warm run: 0 queries, as expected

                          cache names                                       no new entry; it does not count its reads
                          cache second-level cache of entityManagerFactory  cold run: 2 new entries [Library$Shelf##NaturalId[S1, Library$Shelf#1], 2 reads
                                                                            warm run: no new entry, 0 reads
                          answered, warm                                    Library$Shelf#1, loaded before the run

                          What to do: Hibernate's first level is not your cache. Begin a new persistence context for each run: leave
                            @Transactional off the test, so that the code under test begins its own transaction; or begin one in
                            the block, new TransactionTemplate(manager) with PROPAGATION_REQUIRES_NEW.""");
    }

    /** To count is not to say that a cache has saved it; but who expected more is told. */
    @Test
    void namesAPersistenceContextThatAnsweredInPlaceOfAQuery() {
        TransactionTemplate transaction = new TransactionTemplate(manager);

        transaction.executeWithoutResult(status -> {
            shelves.code(1);
            assertNumQueries(0, () -> shelves.code(1));
            assertThatThrownBy(() -> assertNumQueries(1, () -> shelves.code(1)))
                    .hasMessageContaining("answered  ")
                    .hasMessageContaining("Library$Shelf#1, loaded before the run\n")
                    .hasMessageContaining("What to do: Hibernate's first level is not your cache.");
        });
    }

    @Test
    void findsAPersistenceContextThatAnswersTheColdRun() {
        TransactionTemplate transaction = new TransactionTemplate(manager);

        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> {
                    shelves.code(1);
                    assertCaching(cold(0).warm(0), () -> shelves.code(1));
                }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the same persistence context answered both runs");
    }

    /** A block may assert something itself. */
    @Test
    void aLookInsideAnotherEndsItsOwnAlone() {
        new TransactionTemplate(manager).executeWithoutResult(status -> {
            shelves.code(1);
            try (Look outer = new SpringSurroundings().look()) {
                shelves.code(2);
                try (Look inner = new SpringSurroundings().look()) {
                    shelves.code(2);
                    assertThat(inner.answered()).isNotNull();
                    assertThat(outer.answered()).isNull();
                }
                shelves.code(1);
                assertThat(outer.answered()).isNotNull();
            }
        });
    }

    /** The usual way round the first level. */
    @Test
    void mindsNoPersistenceContextThatTheBlockClears() {
        new TransactionTemplate(manager).executeWithoutResult(status -> {
            shelves.code(1);
            try (Look look = new SpringSurroundings().look()) {
                entities.clear();
                assertThat(cost(() -> shelves.code(1))).isPositive();
                assertThat(look.answered()).isNull();
            }
        });
    }

    /** What was loaded is behind the proxy that the session goes on to answer with. */
    @Test
    void findsAPersistenceContextThatAnswersWithAProxy() {
        new TransactionTemplate(manager).executeWithoutResult(status -> {
            Library.Shelf proxy = entities.getReference(Library.Shelf.class, 1);
            try (Look look = new SpringSurroundings().look()) {
                Hibernate.initialize(proxy);
                assertThat(look.answered()).isNull();
            }
            try (Look look = new SpringSurroundings().look()) {
                assertThat(entities.find(Library.Shelf.class, 1)).isSameAs(proxy);
                assertThat(look.answered()).isNotNull();
            }
        });
    }

    @Test
    void mindsNoPersistenceContextThatIsNotAsked() {
        TransactionTemplate transaction = new TransactionTemplate(manager);
        transaction.executeWithoutResult(status -> {
            shelves.code(1);
            assertCaching(cold(1).warm(0), () -> shelves.codes());
        });
    }

    @Test
    void aSecondRunInATransactionOfItsOwnIsFine() {
        TransactionTemplate transaction = new TransactionTemplate(manager);
        assertCaching(
                cold(1).warm(0),
                () -> transaction.execute(status -> {
                    shelves.code(1);
                    return shelves.code(1);
                }));
    }

    @Test
    void anEntityManagerOfTheTestsOwnIsWatchedToo() throws Exception {
        try (EntityManager entities = factory.createEntityManager()) {
            assertThat(cacheOperations(() -> entities.find(Library.Shelf.class, 3)))
                    .contains("Shelf GET MISS", "Shelf PUT DONE");
        }
        assertNumQueries(0, () -> shelves.code(3));
    }
}
