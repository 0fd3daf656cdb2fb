package dev.cacheproof.spring;

import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.Fake;
import dev.cacheproof.spring.shop.Books;
import dev.cacheproof.spring.shop.Shop;
import org.junit.jupiter.api.RepeatedTest;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

// tag::boot[]
@SpringBootTest(classes = Shop.class)
@CacheIsolation
class RedisShopTests {

    @Fake
    FakeRedis redis;

    @Autowired
    Books books;

    @RepeatedTest(3)
    void theSecondReadCostsNothing() {
        assertThat(redis.keys()).isEmpty();
        assertNumQueries(1, () -> books.fetchTitle(1));
        assertNumQueries(0, () -> books.fetchTitle(1));
        assertThat(redis.keys()).hasSize(1);
    }
}
// end::boot[]
