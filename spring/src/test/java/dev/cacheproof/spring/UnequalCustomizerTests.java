package dev.cacheproof.spring;

import static dev.cacheproof.query.CachingContract.loads;
import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.assertNumQueries;

import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.spring.prices.Prices;
import dev.cacheproof.spring.prices.PricesConfiguration;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactories;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

/** A customizer that is a lambda equals no other, so that Spring makes another configuration each time that it is asked. */
class UnequalCustomizerTests {

    @Test
    void doesNotKeepATestFromKnowingItsContext() {
        InnerTests.run(CustomizedTestCase.class).allPass(4);
    }

    @Test
    void doesNotKeepTestsFromRunningInParallel() {
        InnerTests.runInParallel(CustomizedTestCase.class, OtherTestCase.class).allPass(8);
    }

    static final class Lambdas implements ContextCustomizerFactory {
        @Override
        public ContextCustomizer createContextCustomizer(
                Class<?> testClass, List<ContextConfigurationAttributes> attributes) {
            Object another = new Object();
            return (context, configuration) -> context.setId(another.toString());
        }
    }

    @Configuration
    static class Database {
        @Bean
        DataSource dataSource() {
            return new SimpleDriverDataSource(new org.h2.Driver(), "jdbc:h2:mem:");
        }
    }

    @SpringJUnitConfig({PricesConfiguration.class, Database.class})
    @ContextCustomizerFactories(Lambdas.class)
    @CacheIsolation
    static class CustomizedTestCase {
        @Autowired
        Prices prices;

        @Test
        void countsItsQueries(@Autowired DataSource dataSource) {
            assertNumQueries(1, () -> new JdbcTemplate(dataSource).execute("select 1"));
        }

        @Test
        void seesThatNothingIsAsked() {
            assertNumQueries(0, () -> {});
        }

        @TestFactory
        DynamicTest alsoInADynamicTest(@Autowired DataSource dataSource) {
            return DynamicTest.dynamicTest("one", () -> {
                assertNumQueries(0, () -> {});
                assertNumQueries(1, () -> new JdbcTemplate(dataSource).execute("select 1"));
            });
        }

        @Test
        void startsWithColdCaches() {
            assertCaching(loads("price list").cold(1).warm(0), () -> prices.fetch("tea"));
        }
    }

    static class OtherTestCase extends CustomizedTestCase {}
}
