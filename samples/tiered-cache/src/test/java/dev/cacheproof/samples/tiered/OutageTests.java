package dev.cacheproof.samples.tiered;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Loads;
import dev.cacheproof.Scope;
import dev.cacheproof.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** What an operator, and a user, see of a remote cache that is away for a while. */
@OnEveryServer
class OutageTests {

    private static final Duration TTL = Duration.ofMinutes(10);
    private static final Logger LOGGER = Logger.getLogger(TieredCache.class.getName());

    private final TestClock clock = TestClock.create();
    private final String name = "outage-" + UUID.randomUUID();
    private final LogLines log = new LogLines();

    @Parameter
    @SuppressWarnings("NullAway.Init") // assigned by JUnit
    RemoteServer server;

    @SuppressWarnings("NullAway.Init") // assigned before each test
    private WatchedRemote remote;

    @SuppressWarnings("NullAway.Init") // assigned before each test
    private TieredCache<String> cache;

    /** The lines that name the cache of this test; others log at the same time. */
    private final class LogLines extends Handler {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        public void publish(LogRecord line) {
            if (line.getMessage().contains(name)) {
                lines.add(line.getLevel() + " " + line.getMessage().replace(name, "outlines"));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void wire() {
        remote = new WatchedRemote(server.cache(RemoteServers.APPLICATION, name));
        cache = new TieredCache<>(
                name, remote, Serializer.ofText(), TierPolicy.usual().withClock(clock));
        clock.freeze();
        LOGGER.addHandler(log);
    }

    @AfterEach
    void stop() {
        LOGGER.removeHandler(log);
        remote.clear();
    }

    private @Nullable String fetch() {
        try (RequestScope request = RequestScope.open()) {
            return cache.getOrLoad("caching-101", TTL, () -> Loads.counted("outlines", () -> "outline"));
        }
    }

    private void assertLoads(int expected) {
        try (Scope scope = Scope.open("a request")) {
            assertThat(fetch()).isEqualTo("outline");
            assertThat(scope.journal().loads().count()).isEqualTo(expected);
        }
    }

    @Test
    void answersStayRightThroughAnOutageAndCachingResumes() {
        assertLoads(1);
        assertLoads(0);
        remote.isDown(true);
        for (int second = 0; second < 60; second++) {
            assertLoads(1);
            clock.advance(Duration.ofSeconds(1));
        }
        remote.isDown(false);
        assertLoads(0);
        assertThat(cache.remoteFailures()).isEqualTo(120);
    }

    @Test
    void anOutageIsLoggedOnceWhenItBeginsAndOnceWhenItEnds() {
        for (int outage = 1; outage <= 2; outage++) {
            remote.isDown(true);
            fetch();
            clock.advance(Duration.ofMinutes(1));
            fetch();
            remote.isDown(false);
            fetch();
            cache.setAllTiers("other", "outline", TTL);
            fetch();
        }
        List<String> once = List.of(
                "WARNING Reads of remote cache outlines fail; going on without",
                "WARNING Writes to remote cache outlines fail; going on without",
                "INFO Reads of remote cache outlines work again, after 60 s",
                "INFO Writes to remote cache outlines work again, after 60 s");
        assertThat(log.lines).hasSize(8).startsWith(once.toArray(String[]::new));
    }

    @Test
    void aServerThatRefusesWritesAloneIsLoggedOnceToo() {
        remote.writesFail = true;
        for (int i = 0; i < 3; i++) {
            fetch(); // each read works, and ends no outage of the writes
        }
        assertThat(log.lines).containsExactly("WARNING Writes to remote cache outlines fail; going on without");
    }

    @Test
    void aLostDeleteSaysWhatMayBeStale() {
        remote.deletesFail = true;
        assertThatThrownBy(() -> cache.deleteAllTiers("caching-101", "caching-102"))
                .isInstanceOf(RemoteCacheException.class)
                .hasMessage("A delete from remote cache " + name
                        + " was lost: what it holds for [caching-101, caching-102] may be stale until it expires")
                .hasRootCauseMessage("the server is down");
    }
}
