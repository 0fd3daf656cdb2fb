package dev.cacheproof.spring;

import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static dev.cacheproof.query.QueryAssertions.cold;

import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.spring.shop.Books;
import dev.cacheproof.spring.shop.Shop;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** All that a test needs: the dependency and the annotation. */
@SpringBootTest(classes = Shop.class, properties = "spring.cache.type=caffeine")
@CacheIsolation
class CaffeineShopTests {

    @Autowired
    Books books;

    @RepeatedTest(2)
    void theSecondReadCostsNothing() {
        assertNumQueries(1, () -> books.fetchTitle(1));
        assertNumQueries(0, () -> books.fetchTitle(1));
    }

    @Test
    void theSecondReadIsServedFromTheCache() {
        assertCaching(cold(1).warm(0), () -> books.fetchTitle(1));
    }
}
