package dev.cacheproof.spring;

import static dev.cacheproof.query.QueryAssertions.assertCacheRoundTrips;
import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.junit.Fake;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import javax.sql.DataSource;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.ContextHierarchy;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** Spring keeps the contexts of tests that are over, and what is scheduled in them goes on. */
class BackgroundWorkTests {

    private static volatile @Nullable Jobs jobs;

    @Test
    void isOfTheTestsAloneThatRunInItsContext() {
        InnerTests.run(JobsTestCase.class, NeighbourTestCase.class).allPass(2);
    }

    /** Its beans are those of another context, but it has been given those of the class around it, too. */
    @Test
    void isOfANestedTestThatUsesTheBeansAround() {
        InnerTests.run(JobsTestCase.class, AroundTestCase.class).allPass(2);
    }

    @Test
    void isOfTheTestsOfAChildToo() {
        InnerTests.run(ChildTestCase.class).allPass(1);
    }

    @Test
    void isOfAllContextsThatHaveTheDataSource() {
        InnerTests.run(FirstOwnerTestCase.class, SecondOwnerTestCase.class).allPass(2);
    }

    @Test
    void isOfTheTestsAloneWhoseFakeIsAsked() {
        InnerTests.run(FakeOwnerTestCase.class, OtherFakeOwnerTestCase.class).allPass(2);
    }

    private static DataSource dataSource() {
        return new SimpleDriverDataSource(new org.h2.Driver(), "jdbc:h2:mem:");
    }

    /** What a context runs by itself; not on its scheduler, which Spring 7 pauses while no test uses the context. */
    record Jobs(JdbcTemplate database) {
        void runOne() throws InterruptedException {
            Thread job = new Thread(() -> database.execute("select 1"), "scheduling-1");
            job.start();
            job.join();
        }
    }

    @Configuration
    static class WithJobs {
        @Bean
        DataSource ofTheJobs() {
            return dataSource();
        }
    }

    @SpringJUnitConfig(WithJobs.class)
    static class JobsTestCase {
        @Test
        void cannotTellThemFromItsOwnWork(@Autowired DataSource dataSource) {
            Jobs own = new Jobs(new JdbcTemplate(dataSource));
            jobs = own;

            assertThatThrownBy(() -> assertNumQueries(0, own::runOne))
                    .hasMessageContaining("1 on thread \"scheduling-1\": select 1")
                    .hasMessageContaining("declare it: ignoring(threads(\"scheduling-*\"))");
        }
    }

    @Configuration
    static class WithoutJobs {
        @Bean
        DataSource ofTheNeighbour() {
            return dataSource();
        }
    }

    @SpringJUnitConfig(WithoutJobs.class)
    static class NeighbourTestCase {
        @Test
        void isNotTroubledByThem(@Autowired DataSource dataSource) {
            JdbcTemplate own = new JdbcTemplate(dataSource);

            assertNumQueries(1, () -> {
                Objects.requireNonNull(jobs).runOne();
                own.execute("select 2");
            });
        }
    }

    @SpringJUnitConfig(WithJobs.class)
    static class AroundTestCase {
        @Autowired
        DataSource dataSource;

        @Nested
        @TestPropertySource(properties = "context = nested")
        class NestedTestCase {
            @Test
            void doesNotBelieveThatNothingWasAsked() {
                Jobs around = new Jobs(new JdbcTemplate(dataSource));
                assertThatThrownBy(() -> assertNumQueries(0, around::runOne))
                        .hasMessageContaining("1 on thread \"scheduling-1\": select 1");
            }
        }
    }

    /** An application's own datasource-proxy, which is no bean of one context alone. */
    private static final DataSource SHARED =
            ProxyDataSourceBuilder.create(dataSource()).name("shared").build();

    @Configuration
    static class Owner {
        @Bean
        DataSource shared() {
            return SHARED;
        }
    }

    private static void cannotTellWhoAsks() {
        assertThatThrownBy(() -> assertNumQueries(0, () -> {
                    Thread other = new Thread(() -> new JdbcTemplate(SHARED).execute("select 1"), "importer");
                    other.start();
                    other.join();
                }))
                .hasMessageContaining("1 on thread \"importer\": select 1");
    }

    @SpringJUnitConfig(Owner.class)
    static class FirstOwnerTestCase {
        @Test
        void cannotTell() {
            cannotTellWhoAsks();
        }
    }

    @SpringJUnitConfig(Owner.class)
    @TestPropertySource(properties = "context = second owner")
    static class SecondOwnerTestCase {
        @Test
        void cannotTell() {
            cannotTellWhoAsks();
        }
    }

    private static volatile int port;

    @Configuration
    static class Empty {}

    @SpringJUnitConfig(Empty.class)
    static class FakeOwnerTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void remembersItsFake() {
            port = redis.port();
            assertCacheRoundTrips(1, BackgroundWorkTests::askTheFirstFake);
        }
    }

    /** As a job does over a socket, which no thread's scope shows. */
    private static void askTheFirstFake() throws IOException {
        try (Socket job = new Socket(InetAddress.getLoopbackAddress(), port)) {
            job.getOutputStream().write("GET key\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(job.getInputStream().readNBytes(5)).asString().isEqualTo("$-1\r\n");
        }
    }

    @SpringJUnitConfig(Empty.class)
    @TestPropertySource(properties = "context = another fake")
    static class OtherFakeOwnerTestCase {
        @Fake
        FakeRedis redis;

        @Test
        void isNotTroubledByIt() {
            assertThat(redis.port()).isNotEqualTo(port);
            assertCacheRoundTrips(0, BackgroundWorkTests::askTheFirstFake);
        }
    }

    @SpringJUnitConfig
    @ContextHierarchy({@ContextConfiguration(classes = WithJobs.class), @ContextConfiguration(classes = Empty.class)})
    static class ChildTestCase {
        @Test
        void doesNotBelieveThatNothingWasAsked(@Autowired DataSource ofTheParent) {
            Jobs ofTheParentsOwn = new Jobs(new JdbcTemplate(ofTheParent));
            assertThatThrownBy(() -> assertNumQueries(0, ofTheParentsOwn::runOne))
                    .hasMessageContaining("1 on thread \"scheduling-1\": select 1");
        }
    }
}
