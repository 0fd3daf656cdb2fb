package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.provider.redis.spring.RedisLockProvider;
import org.redisson.Redisson;
import org.redisson.api.RBucket;
import org.redisson.api.RLock;
import org.redisson.api.RMapCache;
import org.redisson.api.RRateLimiter;
import org.redisson.api.RateType;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.core.script.DefaultRedisScript;
import org.springframework.integration.redis.util.RedisLockRegistry;
import org.springframework.integration.redis.util.RedisLockRegistry.RedisLockType;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** Clients that send scripts, their own or a caller's, with their default settings. */
enum ScriptClient {
    JEDIS(ScriptClient::jedis),
    LETTUCE(ScriptClient::lettuce),
    SPRING_DATA(address -> spring(address, ScriptClient::springData)),
    SPRING_INTEGRATION_SPIN_LOCK(address -> spring(address, each -> registry(each, RedisLockType.SPIN_LOCK))),
    SPRING_INTEGRATION_PUB_SUB_LOCK(address -> spring(address, each -> registry(each, RedisLockType.PUB_SUB_LOCK))),
    SHEDLOCK(address -> spring(address, ScriptClient::shedlock)),
    REDISSON_LOCK(address -> redisson(address, ScriptClient::lock)),
    REDISSON_BUCKET(address -> redisson(address, ScriptClient::bucket)),
    REDISSON_MAP_CACHE(address -> redisson(address, ScriptClient::mapCache)),
    REDISSON_RATE_LIMITER(address -> redisson(address, ScriptClient::rateLimiter));

    private static final String HOST = "127.0.0.1";
    private static final String COMPARE_AND_DELETE =
            "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

    @SuppressWarnings("ImmutableEnumChecker") // a method of this class
    private final Consumer<Integer> use;

    ScriptClient(Consumer<Integer> use) {
        this.use = use;
    }

    /** Does what an application does with the client, and expects what it is told. */
    void use(int port) {
        use.accept(port);
    }

    private static void jedis(int port) {
        try (Jedis jedis = new Jedis(HOST, port)) {
            jedis.set("jedis", "mine");
            assertThat(jedis.eval(COMPARE_AND_DELETE, List.of("jedis"), List.of("other")))
                    .isEqualTo(0L);
            String sha = jedis.scriptLoad(COMPARE_AND_DELETE);
            assertThat(jedis.scriptExists(sha)).isTrue();
            assertThat(jedis.evalsha(sha, List.of("jedis"), List.of("mine"))).isEqualTo(1L);
            assertThat(jedis.eval("return {1, 'two', {3}, false}", 0))
                    .isEqualTo(Arrays.asList(1L, "two", List.of(3L), null));
            assertThatThrownBy(() -> jedis.evalsha("0".repeat(40), 0)).isInstanceOf(JedisNoScriptException.class);
            assertThatThrownBy(() -> jedis.eval("return redis.call('incr', KEYS[1], 2)", 1, "jedis"))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessageContaining("Wrong number of args calling Redis command from script");
        }
    }

    private static void lettuce(int port) {
        io.lettuce.core.RedisClient client = io.lettuce.core.RedisClient.create(RedisURI.create(HOST, port));
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            String[] keys = {"lettuce"};
            connection.sync().set("lettuce", "mine");
            String sha = connection.sync().scriptLoad(COMPARE_AND_DELETE);
            assertThat(connection.sync().<Long>evalsha(sha, ScriptOutputType.INTEGER, keys, "other"))
                    .isZero();
            assertThat(connection.sync().<Boolean>eval(COMPARE_AND_DELETE, ScriptOutputType.BOOLEAN, keys, "mine"))
                    .isTrue();
            assertThat(connection.sync().<List<Object>>eval("return {1, 'two'}", ScriptOutputType.MULTI))
                    .containsExactly(1L, "two");
            assertThatThrownBy(() -> connection.sync().evalsha("0".repeat(40), ScriptOutputType.VALUE))
                    .isInstanceOf(RedisNoScriptException.class);
            assertThatThrownBy(() -> connection.sync().eval("return x", ScriptOutputType.VALUE))
                    .isInstanceOf(RedisCommandExecutionException.class)
                    .hasMessageContaining("nonexistent global variable 'x'");
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        }
    }

    private static void spring(int port, Consumer<LettuceConnectionFactory> use) {
        LettuceConnectionFactory connections = new LettuceConnectionFactory(HOST, port);
        connections.afterPropertiesSet();
        connections.start();
        try {
            use.accept(connections);
        } finally {
            connections.destroy();
        }
    }

    private static void springData(LettuceConnectionFactory connections) {
        StringRedisTemplate template = new StringRedisTemplate(connections);
        template.opsForValue().set("spring", "mine");
        DefaultRedisScript<Long> script = new DefaultRedisScript<>(COMPARE_AND_DELETE, Long.class);
        assertThat(template.execute(script, List.of("spring"), "other")).isZero();
        assertThat(template.execute(script, List.of("spring"), "mine")).isEqualTo(1);
        DefaultRedisScript<String> text = new DefaultRedisScript<>("return ARGV[1] .. '!'", String.class);
        assertThat(template.execute(text, List.of(), "hello")).isEqualTo("hello!");
    }

    private static void registry(LettuceConnectionFactory connections, RedisLockType type) {
        RedisLockRegistry first = new RedisLockRegistry(connections, "registry-" + type);
        RedisLockRegistry second = new RedisLockRegistry(connections, "registry-" + type);
        first.setRedisLockType(type);
        second.setRedisLockType(type);
        try {
            Lock held = first.obtain("job");
            Lock wanted = second.obtain("job");
            assertThat(held.tryLock()).isTrue();
            assertThat(held.tryLock()).as("again, by the same thread").isTrue();
            assertThat(wanted.tryLock()).isFalse();
            held.unlock();
            CompletableFuture<Boolean> waiting = Waiters.begin(() -> tryLock(wanted));
            held.unlock();
            assertThat(Waiters.answer(waiting)).isTrue();
            assertThat(held.tryLock()).isTrue();
            held.unlock();
        } finally {
            first.destroy();
            second.destroy();
        }
    }

    private static boolean tryLock(Lock lock) {
        try {
            boolean locked = lock.tryLock(20, TimeUnit.SECONDS);
            if (locked) {
                lock.unlock();
            }
            return locked;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void shedlock(LettuceConnectionFactory connections) {
        RedisLockProvider provider = new RedisLockProvider(connections, "test");
        LockConfiguration job = new LockConfiguration(Instant.now(), "job", Duration.ofMinutes(1), Duration.ZERO);
        SimpleLock held = provider.lock(job).orElseThrow();
        assertThat(provider.lock(job)).isEmpty();
        SimpleLock extended = held.extend(Duration.ofMinutes(2), Duration.ZERO).orElseThrow();
        assertThat(provider.lock(job)).isEmpty();
        extended.unlock();
        provider.lock(job).orElseThrow().unlock();
    }

    private static void redisson(int port, Consumer<RedissonClient> use) {
        Config config = new Config();
        config.setCodec(StringCodec.INSTANCE);
        config.useSingleServer().setAddress("redis://" + HOST + ":" + port).setConnectionMinimumIdleSize(2);
        RedissonClient client = Redisson.create(config);
        try {
            use.accept(client);
        } finally {
            client.shutdown(0, 5, TimeUnit.SECONDS);
        }
    }

    private static void lock(RedissonClient client) {
        RLock lock = client.getLock("redisson-lock");
        assertThat(lock.tryLock()).isTrue();
        assertThat(lock.tryLock()).as("again, by the same thread").isTrue();
        assertThat(lock.getHoldCount()).isEqualTo(2);
        CompletableFuture<Boolean> other = Waiters.begin(lock::tryLock);
        assertThat(Waiters.answer(other)).isFalse();
        lock.unlock();
        CompletableFuture<Boolean> waiting = Waiters.begin(() -> tryLock(lock));
        lock.unlock();
        assertThat(Waiters.answer(waiting)).isTrue();
        assertThat(lock.isLocked()).isFalse();
    }

    private static void bucket(RedissonClient client) {
        RBucket<String> bucket = client.getBucket("redisson-bucket");
        assertThat(bucket.setIfAbsent("first")).isTrue();
        assertThat(bucket.compareAndSet("other", "second")).isFalse();
        assertThat(bucket.compareAndSet("first", "second")).isTrue();
        assertThat(bucket.getAndDelete()).isEqualTo("second");
    }

    private static void mapCache(RedissonClient client) {
        RMapCache<String, String> map = client.getMapCache("redisson-map");
        assertThat(map.put("a", "1", 1, TimeUnit.MINUTES)).isNull();
        assertThat(map.put("b", "2")).isNull();
        assertThat(map.put("a", "3", 1, TimeUnit.MINUTES, 30, TimeUnit.SECONDS)).isEqualTo("1");
        assertThat(map.get("a")).isEqualTo("3");
        assertThat(map.putIfAbsent("a", "4")).isEqualTo("3");
        assertThat(map.replace("b", "2", "5")).isTrue();
        assertThat(map.remainTimeToLive("a")).isBetween(1L, 60_000L);
        assertThat(map.readAllMap()).containsOnlyKeys("a", "b").containsValues("3", "5");
        assertThat(map.fastRemove("a", "none")).isEqualTo(1);
        assertThat(map.size()).isEqualTo(1);
        map.destroy();
    }

    private static void rateLimiter(RedissonClient client) {
        RRateLimiter limiter = client.getRateLimiter("redisson-limiter");
        assertThat(limiter.trySetRate(RateType.OVERALL, 2, Duration.ofHours(1))).isTrue();
        assertThat(limiter.tryAcquire()).isTrue();
        assertThat(limiter.availablePermits()).isEqualTo(1);
        assertThat(limiter.tryAcquire(2)).isFalse();
        assertThat(limiter.tryAcquire()).isTrue();
        assertThat(limiter.tryAcquire()).isFalse();
    }
}
