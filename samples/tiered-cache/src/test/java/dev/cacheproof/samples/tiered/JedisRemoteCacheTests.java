package dev.cacheproof.samples.tiered;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.UnifiedJedis;

/** What Redis itself sees of a cache. */
@ParameterizedClass(name = "{0}", autoCloseArguments = false)
@ArgumentsSource(RemoteServers.Redis.class)
class JedisRemoteCacheTests {

    private static final Duration TTL = Duration.ofMinutes(10);

    @Parameter
    @SuppressWarnings("NullAway.Init") // assigned by JUnit
    RemoteServer.Redis server;

    private final String name = "raw-" + UUID.randomUUID();
    private final String prefix = RemoteServers.APPLICATION + ":" + name + ":";
    private final byte[] value = "value".getBytes(UTF_8);

    @SuppressWarnings("NullAway.Init") // assigned before each test
    private RemoteCache cache;

    @SuppressWarnings("NullAway.Init") // assigned before each test
    private UnifiedJedis client;

    @BeforeEach
    void open() {
        cache = server.cache(RemoteServers.APPLICATION, name);
        client = server.client();
    }

    @AfterEach
    void clear() {
        cache.clear();
    }

    @Test
    void keysBeginWithTheApplicationAndTheName() {
        cache.set("key", value, TTL);
        assertThat(client.get(prefix + "key")).isEqualTo("value");
    }

    @Test
    void entriesExpireAsAsked() {
        cache.set("one", value, TTL);
        cache.setAll(Map.of("a", value, "b", value), () -> TTL);
        for (String key : List.of("one", "a", "b")) {
            assertThat(client.pttl(prefix + key)).isBetween(TTL.minusMinutes(1).toMillis(), TTL.toMillis());
        }
    }

    @Test
    void aTtlBelowAMillisecondIsOne() {
        cache.set("key", value, Duration.ofNanos(1));
        assertThat(client.pttl(prefix + "key")).isLessThanOrEqualTo(1);
    }

    @Test
    void anErrorOfTheServerIsAnErrorOfThePort() {
        String refusal = "SET failed in " + prefix + "*: ERR invalid expire time";
        Duration tooLong = Duration.ofMillis(Long.MAX_VALUE);
        assertThatThrownBy(() -> cache.set("one", value, tooLong))
                .isInstanceOf(RemoteCacheException.class)
                .hasMessageStartingWith(refusal);
        assertThatThrownBy(() -> cache.setAll(Map.of("a", value, "b", value), () -> tooLong))
                .as("among several replies")
                .isInstanceOf(RemoteCacheException.class)
                .hasMessageStartingWith(refusal);
    }

    @Test
    void clearLeavesTheKeysOfOthersAlone() {
        String others = prefix.replace(":" + name, ":" + name + "-too");
        client.set(others + "key", "of another");
        try {
            cache.set("key", value, TTL);
            cache.clear();
            assertThat(client.exists(prefix + "key")).isFalse();
            assertThat(client.get(others + "key")).isEqualTo("of another");
        } finally {
            client.del(others + "key");
        }
    }

    @Test
    void underAPrefixItsKeysAreItsOwn() {
        String outer = RemoteServers.APPLICATION + ":part:";
        JedisRemoteCache whole = new JedisRemoteCache(client, RemoteServers.APPLICATION, name);
        JedisRemoteCache part = whole.under(outer);
        whole.set("key", value, TTL);
        part.set("key", "of the part".getBytes(UTF_8), TTL);
        assertThat(client.get(outer + prefix + "key")).isEqualTo("of the part");
        assertThat(whole.get("key")).isEqualTo(value);

        part.clear();
        assertThat(part.get("key")).isNull();
        assertThat(whole.get("key")).isEqualTo(value);
    }

    @Test
    void aServerThatCannotBeReachedIsAnErrorOfThePort() throws IOException {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        try (UnifiedJedis unreachable = RedisClient.create("127.0.0.1", nobody)) {
            RemoteCache down = new JedisRemoteCache(unreachable, "shop", "outlines");
            List<org.assertj.core.api.ThrowableAssert.ThrowingCallable> calls = List.of(
                    () -> down.get("key"),
                    () -> down.getAll(List.of("key")),
                    () -> down.set("key", value, TTL),
                    () -> down.setAll(Map.of("key", value), () -> TTL),
                    () -> down.delete("key"),
                    () -> down.deleteAll(List.of("key")),
                    down::clear);
            assertThat(calls)
                    .allSatisfy(call -> assertThatThrownBy(call)
                            .isInstanceOf(RemoteCacheException.class)
                            .hasMessageContaining("failed in shop:outlines:*"));
        }
    }

    @Test
    void refusesNamesThatReachIntoOthers() {
        assertThatThrownBy(() -> new JedisRemoteCache(client, "", "outlines"))
                .hasMessage("application must consist of letters, digits, - and _, but is \"\"");
        assertThatThrownBy(() -> new JedisRemoteCache(client, "shop", "*"))
                .hasMessage("name must consist of letters, digits, - and _, but is \"*\"");
        JedisRemoteCache outlines = new JedisRemoteCache(client, "shop", "outlines");
        for (String outer : List.of("", "*:")) {
            assertThatThrownBy(() -> outlines.under(outer))
                    .hasMessage("outer must consist of letters, digits, -, _ and :, but is \"" + outer + "\"");
        }
    }
}
