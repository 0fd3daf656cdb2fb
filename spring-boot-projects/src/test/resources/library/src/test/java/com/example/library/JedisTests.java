package com.example.library;

import static dev.cacheproof.query.QueryAssertions.assertCacheRoundTrips;
import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static dev.cacheproof.query.QueryAssertions.assertNumQueries;
import static dev.cacheproof.query.QueryAssertions.cold;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.Fake;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.jedis.JedisConnectionFactory;

@SpringBootTest(properties = "spring.cache.type=redis")
@CacheIsolation
class JedisTests {

    @Fake
    FakeRedis redis;

    @Autowired
    RedisConnectionFactory connections;

    @Autowired
    Books books;

    @RepeatedTest(2)
    void theSecondReadIsFree() {
        assertThat(connections).isInstanceOf(JedisConnectionFactory.class);
        assertThat(redis.keys()).isEmpty();
        assertThat(assertNumQueries(1, () -> books.fetchTitle(1))).isEqualTo("One");
        assertThat(assertNumQueries(0, () -> books.fetchTitle(1))).isEqualTo("One");
        assertThat(redis.keys()).hasSize(1);
    }

    @Test
    void countsRoundTrips() {
        // Asked, and put: then asked.
        assertCacheRoundTrips(2, () -> books.fetchTitle(2));
        assertCacheRoundTrips(1, () -> books.fetchTitle(2));
    }

    @Test
    void provesTheCache() {
        assertThat(assertCaching(cold(1).warm(0), () -> books.fetchTitle(3))).isEqualTo("Three");
    }
}
