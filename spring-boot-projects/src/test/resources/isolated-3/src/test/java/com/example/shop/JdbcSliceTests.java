package com.example.shop;

import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static dev.cacheproof.query.QueryAssertions.cold;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.junit.CacheIsolation;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.cache.CacheType;
import org.springframework.boot.test.autoconfigure.core.AutoConfigureCache;
import org.springframework.boot.test.autoconfigure.jdbc.JdbcTest;
import org.springframework.context.annotation.Import;

/** Spring Boot puts a data source of its own in the place of the application's, and the caches are its own as well. */
@JdbcTest
@AutoConfigureCache(cacheProvider = CacheType.SIMPLE)
@Import(Books.class)
@CacheIsolation
class JdbcSliceTests {

    @Autowired
    Books books;

    @RepeatedTest(2)
    void theSecondReadIsFree() {
        assertThat(assertNumQueries(1, () -> books.fetchTitle(1))).isEqualTo("One");
        assertNumQueries(0, () -> books.fetchTitle(1));
    }

    @Test
    void provesTheCache() {
        assertThat(assertCaching(cold(1).warm(0), () -> books.fetchTitle(2))).isEqualTo("Two");
    }
}
