package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Deadline;
import dev.cacheproof.fake.Fault;
import dev.cacheproof.fake.Injection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
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
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.ZSetOperations.TypedTuple;
import org.springframework.data.redis.listener.PatternTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;
import org.springframework.data.redis.serializer.RedisSerializer;

/** What Spring Data Redis 4 makes of the fake, on Lettuce, as Spring Boot 4 sets it up; a cache also where it refuses writes. */
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

    @Test
    void ranksMembersAndWaitsForElements() {
        StringRedisTemplate template = new StringRedisTemplate(connections);
        template.opsForZSet().add("ranks", "Ada", 0.1);
        template.opsForZSet().add("ranks", "Bob", 2);
        assertThat(template.opsForZSet().incrementScore("ranks", "Ada", 0.2)).isEqualTo(0.1 + 0.2);
        assertThat(template.opsForZSet().reverseRangeWithScores("ranks", 0, -1))
                .containsExactly(TypedTuple.of("Bob", 2.0), TypedTuple.of("Ada", 0.1 + 0.2));
        assertThat(template.opsForZSet().popMin("ranks")).isEqualTo(TypedTuple.of("Ada", 0.1 + 0.2));

        CompletableFuture<String> job =
                Waiters.start(redis, () -> template.opsForList().rightPop("jobs", Duration.ofMinutes(1)));
        template.opsForList().leftPush("jobs", "first");
        assertThat(Waiters.answer(job)).isEqualTo("first");
    }

    @Test
    void tellsAListenerThatItsContainerHasSubscribed() throws Exception {
        RedisMessageListenerContainer container = new RedisMessageListenerContainer();
        CompletableFuture<String> told = new CompletableFuture<>();
        container.setConnectionFactory(connections);
        container.addMessageListener(
                (message, pattern) -> told.complete(new String(message.getBody(), StandardCharsets.UTF_8)),
                PatternTopic.of("n*"));
        container.afterPropertiesSet();
        container.start();
        try {
            StringRedisTemplate template = new StringRedisTemplate(connections);
            assertThat(template.convertAndSend("news", "hello")).isEqualTo(1);
            assertThat(Waiters.answer(told)).isEqualTo("hello");
        } finally {
            container.destroy();
        }
    }

    private static Cache titles(RedisCacheManagerBuilder caches) {
        RedisCacheConfiguration text = RedisCacheConfiguration.defaultCacheConfig()
                .serializeValuesWith(SerializationPair.fromSerializer(RedisSerializer.string()));
        return Objects.requireNonNull(caches.cacheDefaults(text).build().getCache("titles"));
    }
}
