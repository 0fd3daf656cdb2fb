package dev.cacheproof.spring;

import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.ContextHierarchy;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** What is watched, as tests of several contexts see it, whatever order they run in. */
class NothingWatchedTests {

    private static final String NONE =
            "a Spring context has no DataSource bean, as that of @WebMvcTest has none, and one that is made by hand is not seen";

    private static final String MOCK =
            "DataSource bean \"ofAMock\" was registered ready-made, as mocks are, and is shown to no"
                    + " post-processor";

    private static DataSource dataSource() {
        return new SimpleDriverDataSource(new org.h2.Driver(), "jdbc:h2:mem:");
    }

    @Test
    void aTestSeesWhatItsContextHas() {
        InnerTests.run(WithDataSourceTestCase.class, WithoutTestCase.class, ChildTestCase.class, ClosedTestCase.class)
                .allPass(4);
    }

    @Test
    void nothingStaysOfAContextThatIsClosed() {
        InnerTests.run(ClosedTestCase.class).allPass(1);
        assertThat(Recorder.watched(Operation.Kind.QUERY)).doesNotContain("ofTheClosed");

        try (WatchedTestContext open =
                WatchedTestContext.of(context -> context.getBeanFactory().registerSingleton("ofAMock", dataSource()))) {
            assertThat(open.context().isActive()).isTrue();
            assertThat(Recorder.whyNotWatched(Operation.Kind.QUERY)).contains(MOCK);
        }
        assertThat(Recorder.whyNotWatched(Operation.Kind.QUERY)).doesNotContain(MOCK);
    }

    @Configuration
    static class WithDataSource {
        @Bean
        DataSource ofTheOther() {
            return dataSource();
        }
    }

    @Configuration
    static class Without {}

    @SpringJUnitConfig(WithDataSource.class)
    static class WithDataSourceTestCase {
        @Test
        void seesIt() {
            assertThat(Recorder.watched(Operation.Kind.QUERY)).contains("ofTheOther");
            assertThat(Recorder.whyNotWatched(Operation.Kind.QUERY)).doesNotContain(NONE);
        }
    }

    @SpringJUnitConfig(Without.class)
    static class WithoutTestCase {
        @Test
        void doesNotSeeThatOfAnother() {
            assertThat(Recorder.watched(Operation.Kind.QUERY)).doesNotContain("ofTheOther");
            assertThatThrownBy(() -> assertNumQueries(0, () -> {}))
                    .hasMessageStartingWith("No data source is watched")
                    .hasMessageContaining("why  " + NONE)
                    .hasMessageNotContaining("ofAMock");
        }
    }

    @SpringJUnitConfig
    @ContextHierarchy({
        @ContextConfiguration(classes = WithDataSource.class),
        @ContextConfiguration(classes = Without.class)
    })
    static class ChildTestCase {
        @Test
        void seesThatOfItsParent() {
            assertThat(Recorder.watched(Operation.Kind.QUERY)).contains("ofTheOther");
        }
    }

    @Configuration
    static class Closed {
        @Bean
        DataSource ofTheClosed() {
            return dataSource();
        }
    }

    @SpringJUnitConfig(Closed.class)
    @DirtiesContext
    static class ClosedTestCase {
        @Test
        void seesItUntilItIsClosed() {
            assertThat(Recorder.watched(Operation.Kind.QUERY)).contains("ofTheClosed");
        }
    }
}
