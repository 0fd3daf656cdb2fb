package dev.cacheproof.samples.tiered;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.junit.CacheIsolation;
import dev.cacheproof.junit.RegisterCache;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a remote cache promises, clause by clause. Each is proved by caches that break it: {@link ContractMutantTests}. */
@CacheIsolation
abstract class RemoteCacheContract {

    static final Duration TTL = Duration.ofMinutes(10);

    @RegisterCache("first")
    WatchedRemote first = new WatchedRemote(new NoRemoteCache());

    @RegisterCache("second")
    WatchedRemote second = new WatchedRemote(new NoRemoteCache());

    /** Opens a named cache, on a server of whose caches this test has the names alone. */
    abstract RemoteCache open(String name);

    @BeforeEach
    void wire() {
        first = new WatchedRemote(open("first"));
        second = new WatchedRemote(open("second"));
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void findsNothingBeforeItIsSet() {
        assertThat(first.get("key")).isNull();
        assertThat(first.getAll(List.of("key", "other"))).isEmpty();
    }

    @Test
    void findsWhatWasSet() {
        first.set("key", bytes("value"), TTL);
        assertThat(first.get("key")).isEqualTo(bytes("value"));
    }

    @Test
    void findsTheNewestOfWhatWasSet() {
        first.set("key", bytes("old"), TTL);
        first.set("key", bytes("new"), TTL);
        assertThat(first.get("key")).isEqualTo(bytes("new"));
    }

    @Test
    void keepsAnyByteAndAnyKey() {
        byte[] everyByte = new byte[256];
        for (int i = 0; i < everyByte.length; i++) {
            everyByte[i] = (byte) i;
        }
        first.set("a key: *, [x], ü, \u65e5, \r\n, \0", everyByte, TTL);
        assertThat(first.get("a key: *, [x], ü, \u65e5, \r\n, \0")).isEqualTo(everyByte);
    }

    @Test
    void keepsValuesThatNobodyElseCanChange() {
        byte[] mine = bytes("value");
        first.set("key", mine, TTL);
        mine[0] = 'X';
        byte[] given = Objects.requireNonNullElse(first.get("key"), bytes("nothing"));
        assertThat(given).isEqualTo(bytes("value"));
        given[0] = 'X';
        assertThat(first.get("key")).isEqualTo(bytes("value"));
    }

    @Test
    void findsThoseOfSeveralKeysThatAreThere() {
        first.set("a", bytes("1"), TTL);
        first.set("c", bytes("3"), TTL);
        assertThat(first.getAll(List.of("a", "b", "c")))
                .containsOnlyKeys("a", "c")
                .containsEntry("c", bytes("3"));
        assertThat(first.getAll(List.of())).isEmpty();
    }

    @Test
    void findsAllThatWasSetTogether() {
        first.setAll(Map.of("a", bytes("1"), "b", bytes("2")), () -> TTL);
        first.setAll(Map.of(), () -> TTL);
        assertThat(first.get("a")).isEqualTo(bytes("1"));
        assertThat(first.get("b")).isEqualTo(bytes("2"));
    }

    @Test
    void deletesOneKey() {
        first.setAll(Map.of("a", bytes("1"), "b", bytes("2")), () -> TTL);
        first.delete("a");
        first.delete("absent");
        assertThat(first.getAll(List.of("a", "b"))).containsOnlyKeys("b");
    }

    @Test
    void deletesSeveralKeys() {
        first.setAll(Map.of("a", bytes("1"), "b", bytes("2"), "c", bytes("3")), () -> TTL);
        first.deleteAll(List.of("a", "absent", "b"));
        first.deleteAll(List.of());
        assertThat(first.getAll(List.of("a", "b", "c"))).containsOnlyKeys("c");
    }

    @Test
    void sharesNoKeyWithAnotherCache() {
        first.set("key", bytes("value"), TTL);
        assertThat(second.get("key")).isNull();
    }

    @Test
    void clearsAllOfItsKeysAndNoOther() {
        second.set("key", bytes("of another"), TTL);
        for (int i = 0; i < 3_000; i += 100) {
            first.setAll(hundred(i), () -> TTL);
        }
        first.clear();
        assertThat(first.getAll(hundred(0).keySet())).isEmpty();
        assertThat(first.getAll(hundred(2_900).keySet())).isEmpty();
        assertThat(second.get("key")).isEqualTo(bytes("of another"));
    }

    private static Map<String, byte[]> hundred(int from) {
        Map<String, byte[]> values = new HashMap<>();
        for (int i = from; i < from + 100; i++) {
            values.put("key-" + i, bytes("value"));
        }
        return values;
    }

    @Test
    void refusesATtlThatIsNotPositive() {
        for (Duration ttl : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> first.set("key", bytes("value"), ttl))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("ttl must be positive, but is " + ttl);
        }
        assertThat(first.get("key")).isNull();
    }

    @Test
    void refusesAnEmptyKey() {
        assertThatThrownBy(() -> first.get(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("key must not be empty");
    }
}
