package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Deadline;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.Cache;
import org.springframework.data.redis.RedisSystemException;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheManager.RedisCacheManagerBuilder;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.cache.RedisCacheWriter.RedisCacheWriterConfigurer;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;
import org.springframework.data.redis.serializer.RedisSerializer;

/** What a cache of Spring Data Redis 4 makes of a server that refuses writes, on Lettuce, as Spring Boot 4 sets it up. */
class SpringDataRedisTests {

    private static final String REFUSAL = "READONLY You can't write against a read only replica.";
    private static final Fault READ_ONLY = Fault.error(REFUSAL).on("SET", "DEL", "UNLINK");

    private final FakeRedis redis = FakeRedis.start();
    private final LettuceConnectionFactory connections = new LettuceConnectionFactory(redis.host(), redis.port());

    @BeforeEach
    void connect() {
        connections.afterPropertiesSet();
        connections.start();
    }

    @AfterEach
    void stop() {
        connections.destroy();
        redis.close();
    }

    @Test
    void servesTheOldValueAfterAPutAndAnEvictionThatReturnedAsIfTheyHadWorked() throws InterruptedException {
        Cache titles = titles(RedisCacheManager.builder(connections));
        redis.put("titles::1", "old");
        Injection readOnly = redis.faults().inject(READ_ONLY);

        titles.put("1", "new");
        titles.evict("1");

        Deadline.after(Duration.ofSeconds(10)).await(() -> readOnly.hits() == 2, () -> "a SET and a DEL");
        assertThat(titles.get("1", String.class)).isEqualTo("old");
    }

    @Test
    void isToldOfTheRefusalWhereWritesAreImmediate() {
        RedisCacheWriter immediate = RedisCacheWriter.create(connections, RedisCacheWriterConfigurer::immediateWrites);
        Cache titles = titles(RedisCacheManager.builder(immediate));
        try (Injection readOnly = redis.faults().inject(READ_ONLY)) {
            assertThatThrownBy(() -> titles.put("1", "new"))
                    .isInstanceOf(RedisSystemException.class)
                    .hasRootCauseMessage(REFUSAL);
            assertThatThrownBy(() -> titles.evict("1")).hasRootCauseMessage(REFUSAL);
        }
        titles.put("1", "new");
        assertThat(redis.get("titles::1")).contains("new");
    }

    private static Cache titles(RedisCacheManagerBuilder caches) {
        RedisCacheConfiguration text = RedisCacheConfiguration.defaultCacheConfig()
                .serializeValuesWith(SerializationPair.fromSerializer(RedisSerializer.string()));
        return Objects.requireNonNull(caches.cacheDefaults(text).build().getCache("titles"));
    }
}
