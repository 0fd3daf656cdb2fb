package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Deadline;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisKeyExpiredEvent;
import org.springframework.data.redis.core.RedisTemplate;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.listener.ChannelTopic;
import org.springframework.data.redis.listener.KeyExpirationEventMessageListener;
import org.springframework.data.redis.listener.PatternTopic;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.data.redis.serializer.RedisSerializer;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.data.redis.RedisIndexedSessionRepository;
import org.springframework.session.data.redis.config.ConfigureNotifyKeyspaceEventsAction;
import org.springframework.session.events.AbstractSessionEvent;
import org.springframework.session.events.SessionCreatedEvent;
import org.springframework.session.events.SessionDeletedEvent;
import org.springframework.session.events.SessionExpiredEvent;

/** What of Spring lives on events about keys: sessions that end, and listeners to what expires. Set up as Spring does it. */
class SpringSessionTests {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    private final ApplicationEventPublisher publisher = events::add;

    @Test
    void tellsOfSessionsThatEndOnTheFake() throws Exception {
        try (FakeRedis redis = FakeRedis.start()) {
            sessionsEnd(redis.port(), redis.clock()::advance);
        }
    }

    @Test
    @Tag("real-server")
    void tellsOfSessionsThatEndOnRedis() throws Exception {
        try (RealRedis redis = RealRedis.start()) {
            sessionsEnd(redis.port(), timeOf(redis));
        }
    }

    @Test
    void tellsListenersOfWhatExpiresOnTheFake() throws Exception {
        try (FakeRedis redis = FakeRedis.start()) {
            keysExpire(redis.port(), redis.clock()::advance);
        }
    }

    @Test
    @Tag("real-server")
    void tellsListenersOfWhatExpiresOnRedis() throws Exception {
        try (RealRedis redis = RealRedis.start()) {
            keysExpire(redis.port(), timeOf(redis));
        }
    }

    private static Consumer<Duration> timeOf(RealRedis redis) {
        Instant start = Instant.now();
        redis.setTime(ChronoUnit.MICROS.between(Instant.EPOCH, start));
        return passed -> redis.setTime(ChronoUnit.MICROS.between(Instant.EPOCH, start.plus(passed)));
    }

    @FunctionalInterface
    private interface Use {
        void of(LettuceConnectionFactory connections, RedisMessageListenerContainer container) throws Exception;
    }

    private static void connect(int port, Use use) throws Exception {
        LettuceConnectionFactory connections = new LettuceConnectionFactory("127.0.0.1", port);
        connections.afterPropertiesSet();
        connections.start();
        RedisMessageListenerContainer container = new RedisMessageListenerContainer();
        container.setConnectionFactory(connections);
        container.afterPropertiesSet();
        container.start();
        try {
            use.of(connections, container);
        } finally {
            container.destroy();
            connections.destroy();
        }
    }

    private void sessionsEnd(int port, Consumer<Duration> time) throws Exception {
        connect(port, (connections, container) -> {
            try (RedisConnection connection = connections.getConnection()) {
                new ConfigureNotifyKeyspaceEventsAction().configure(connection);
            }
            RedisTemplate<String, Object> template = new RedisTemplate<>();
            template.setKeySerializer(RedisSerializer.string());
            template.setHashKeySerializer(RedisSerializer.string());
            template.setConnectionFactory(connections);
            template.afterPropertiesSet();
            RedisIndexedSessionRepository sessions = new RedisIndexedSessionRepository(template);
            sessions.setApplicationEventPublisher(publisher);
            sessions.setCleanupCron("-");
            sessions.afterPropertiesSet();
            container.addMessageListener(
                    sessions,
                    List.of(
                            new ChannelTopic(sessions.getSessionDeletedChannel()),
                            new ChannelTopic(sessions.getSessionExpiredChannel())));
            container.addMessageListener(sessions, new PatternTopic(sessions.getSessionCreatedChannelPrefix() + "*"));
            try {
                sessionsEnd(sessions, time);
            } finally {
                sessions.destroy();
            }
        });
    }

    private <S extends Session> void sessionsEnd(FindByIndexNameSessionRepository<S> sessions, Consumer<Duration> time)
            throws InterruptedException {
        String left = create(sessions);
        assertThat(sessions.findByPrincipalName("ada")).containsOnlyKeys(left);
        sessions.deleteById(left);
        assertThat(next(SessionDeletedEvent.class).getSessionId()).isEqualTo(left);
        assertThat(sessions.findByPrincipalName("ada")).isEmpty();

        String forgotten = create(sessions);
        time.accept(Duration.ofMinutes(31));
        SessionExpiredEvent expired = next(SessionExpiredEvent.class);
        assertThat(expired.getSessionId()).isEqualTo(forgotten);
        assertThat(expired.getSession().<String>getAttribute("cart")).isEqualTo("3 books");
        assertThat(sessions.findByPrincipalName("ada")).isEmpty();
    }

    private <S extends Session> String create(FindByIndexNameSessionRepository<S> sessions)
            throws InterruptedException {
        S session = sessions.createSession();
        session.setMaxInactiveInterval(Duration.ofMinutes(30));
        session.setAttribute("cart", "3 books");
        session.setAttribute(FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, "ada");
        sessions.save(session);
        AbstractSessionEvent created = next(SessionCreatedEvent.class);
        assertThat(created.getSessionId()).isEqualTo(session.getId());
        return session.getId();
    }

    private void keysExpire(int port, Consumer<Duration> time) throws Exception {
        connect(port, (connections, container) -> {
            KeyExpirationEventMessageListener listener = new KeyExpirationEventMessageListener(container);
            listener.setApplicationEventPublisher(publisher);
            listener.afterPropertiesSet();
            StringRedisTemplate template = new StringRedisTemplate(connections);
            template.opsForValue().set("offer", "half price", Duration.ofSeconds(30));
            template.opsForValue().set("price", "9.90");

            time.accept(Duration.ofSeconds(31));

            RedisKeyExpiredEvent<?> expired = next(RedisKeyExpiredEvent.class);
            assertThat(new String(expired.getId(), StandardCharsets.UTF_8)).isEqualTo("offer");
            listener.destroy();
        });
    }

    /** Waits for the next event, which must be of this type. */
    private <T> T next(Class<T> type) throws InterruptedException {
        Deadline.after(LIMIT).await(() -> !events.isEmpty(), type::getName);
        Object event = events.remove();
        assertThat(event).isInstanceOf(type);
        return type.cast(event);
    }
}
