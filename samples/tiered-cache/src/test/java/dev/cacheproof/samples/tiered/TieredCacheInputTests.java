package dev.cacheproof.samples.tiered;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.TestClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is passed in wrongly, and what a serializer does wrong. */
class TieredCacheInputTests {

    private static final Duration TTL = Duration.ofMinutes(10);
    private static final Duration NEGATIVE = Duration.ofSeconds(-1);

    private final RemoteCache remote = new LocalRemoteCache(TestClock.create());
    private final TieredCache<String> cache =
            new TieredCache<>("outlines", remote, Serializer.ofText(), TierPolicy.usual());

    @Test
    void refusesATtlThatMeansNothing() {
        assertThatThrownBy(() -> cache.setAllTiers("key", "value", NEGATIVE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ttl must not be negative, but is PT-1S");
        assertThatThrownBy(() -> cache.setAllTiers(Map.of("key", "value"), NEGATIVE))
                .isInstanceOf(IllegalArgumentException.class);
        for (Duration ttl : new Duration[] {NEGATIVE, Duration.ZERO}) {
            assertThatThrownBy(() -> cache.getOrLoad("key", ttl, () -> "value"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("ttl must be positive, but is " + ttl);
            assertThatThrownBy(() -> cache.writeThrough("key", "value", ttl, () -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(cache.get("key").isFound()).isFalse();
    }

    @Test
    void aTtlForEverAndATtlOfNearlyNothingAreKeptInBounds() {
        TierPolicy exact = TierPolicy.usual().withJitter(0);
        assertThat(exact.effective(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Duration.ofDays(3_650));
        assertThat(exact.effective(Duration.ofNanos(1))).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void refusesAnEmptyKeyAndABadName() {
        assertThatThrownBy(() -> cache.get("")).hasMessage("key must not be empty");
        assertThatThrownBy(() -> cache.deleteAllTiers("")).hasMessage("key must not be empty");
        assertThatThrownBy(() -> new TieredCache<>("a:b", remote, Serializer.ofText(), TierPolicy.usual()))
                .hasMessage("name must consist of letters, digits, - and _, but is \"a:b\"");
    }

    @Test
    void refusesAPolicyThatMeansNothing() {
        for (double jitter : new double[] {-0.1, 1, Double.NaN}) {
            assertThatThrownBy(() -> TierPolicy.usual().withJitter(jitter))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("jitter must be from 0, and less than 1, but is " + jitter);
        }
        assertThatThrownBy(() -> TierPolicy.usual().boundingLostDeletes(Duration.ZERO))
                .hasMessage("longestStale must be positive, but is PT0S");
        assertThatThrownBy(() -> TierPolicy.usual().boundingLostDeletes(Duration.ofDays(3_651)))
                .hasMessage("longestStale must be at most PT87600H, but is PT87624H");
    }

    @Test
    void refusesCopiesThatMeanNothing() {
        assertThatThrownBy(() -> TierPolicy.usual().servingStaleWhileRecomputing(Duration.ZERO))
                .hasMessage("staleWhileRecomputing must be positive, but is PT0S");
        assertThatThrownBy(() -> TierPolicy.usual().servingStaleWhileRecomputing(Duration.ofDays(3_651)))
                .hasMessage("staleWhileRecomputing must be at most PT87600H, but is PT87624H");
    }

    @Test
    void aCopyIsKeptInBoundsToo() {
        TierPolicy copying = TierPolicy.usual().servingStaleWhileRecomputing(Duration.ofHours(1));
        assertThat(copying.ofCopy(Duration.ofMinutes(10))).isEqualTo(Duration.ofMinutes(70));
        assertThat(copying.ofCopy(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Duration.ofDays(3_650));
        assertThat(copying.boundingLostDeletes(Duration.ofMinutes(2)).ofCopy(Duration.ofMinutes(10)))
                .as("a copy is stale as well, if its delete was lost")
                .isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aLoadThatAsksForItsOwnKeyFailsInsteadOfWaitingForItself() {
        assertThatThrownBy(() -> cache.getOrLoad("key", TTL, () -> cache.getOrLoad("key", TTL, () -> "value")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The load of key \"key\" asks for that key itself");
    }

    @Test
    void aLoadMayAskForAnotherKey() {
        assertThat(cache.getOrLoad("key", TTL, () -> cache.getOrLoad("other", TTL, () -> "value")))
                .isEqualTo("value");
    }

    @Test
    void aSerializerThatFailsCostsNoAnswer() {
        Serializer<String> broken = new Serializer<>() {
            @Override
            public byte[] write(String value) {
                throw new IllegalStateException("cannot write");
            }

            @Override
            public String read(byte[] bytes) {
                throw new IllegalStateException("cannot read");
            }
        };
        TieredCache<String> misconfigured = new TieredCache<>("outlines", remote, broken, TierPolicy.usual());
        cache.setAllTiers("key", "of the other serializer", TTL);
        assertThat(misconfigured.getOrLoad("key", TTL, () -> "loaded")).isEqualTo("loaded");
        assertThat(misconfigured.remoteFailures()).isEqualTo(2);
        assertThat(misconfigured.getOrLoad("null", TTL, () -> null)).isNull();
    }

    @Test
    void anEntryThatIsNoneOfOursIsAMiss() {
        for (String entry : new String[] {"", "Nothing", "x"}) {
            remote.set("key", entry.getBytes(UTF_8), TTL);
            assertThat(cache.get("key").isFound()).as("entry <%s>", entry).isFalse();
        }
        assertThat(cache.remoteFailures()).isEqualTo(3);
    }

    @Test
    void clearForgetsBothTiersAndALoadUnderWay() {
        try (RequestScope request = RequestScope.open()) {
            cache.setAllTiers("own", "value", TTL);
            cache.getOrLoad("key", TTL, () -> {
                cache.clear();
                return "old";
            });
            assertThat(cache.get("own").isFound()).isFalse();
            assertThat(cache.get("key").isFound()).isFalse();
        }
    }
}
