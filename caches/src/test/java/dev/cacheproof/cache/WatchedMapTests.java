package dev.cacheproof.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.Gate;
import dev.cacheproof.Scope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchedMapTests {

    private final Scope scope = Scope.named("WatchedMapTests").root().open();

    @AfterEach
    void close() {
        scope.close();
    }

    private static ConcurrentMap<String, Integer> watched(Map<String, Integer> map) {
        return (ConcurrentMap<String, Integer>) WatchedCaches.<Map<String, Integer>>of("map", map);
    }

    /** What a map may be asked; each answer is compared. */
    private static final List<Question> QUESTIONS = List.of(
            (map, key, value) -> map.get(key),
            (map, key, value) -> map.getOrDefault(key, value),
            (map, key, value) -> map.containsKey(key),
            (map, key, value) -> map.containsValue(value),
            (map, key, value) -> map.put(key, value),
            (map, key, value) -> map.putIfAbsent(key, value),
            (map, key, value) -> map.replace(key, value),
            (map, key, value) -> map.replace(key, value, value + 1),
            (map, key, value) -> map.remove(key),
            (map, key, value) -> map.remove(key, value),
            (map, key, value) -> map.computeIfAbsent(key, absent -> value % 3 == 0 ? null : value),
            (map, key, value) -> map.computeIfPresent(key, (same, old) -> old % 3 == 0 ? null : old + value),
            (map, key, value) -> map.compute(key, (same, old) -> next(old, value)),
            (map, key, value) -> map.merge(key, value, (old, added) -> old + added > 9 ? null : old + added),
            (map, key, value) -> map.size(),
            (map, key, value) -> map.isEmpty(),
            (map, key, value) -> map.keySet().remove(key),
            (map, key, value) -> map.values().remove(value),
            (map, key, value) -> new HashMap<>(map),
            (map, key, value) -> map.hashCode(),
            (map, key, value) -> map.equals(Map.of(key, value)),
            (map, key, value) -> {
                map.putAll(Map.of(key, value, "other", 1));
                return map.size();
            },
            (map, key, value) -> {
                map.replaceAll((same, old) -> old % 7);
                return map.values().stream().mapToInt(Integer::intValue).sum();
            },
            (map, key, value) -> {
                map.entrySet().removeIf(entry -> entry.getValue().equals(value));
                return map.size();
            },
            (map, key, value) -> {
                if (value == 9) {
                    map.clear();
                }
                return map.size();
            });

    private static @Nullable Integer next(@Nullable Integer old, int value) {
        if (old == null) {
            return value;
        }
        return old > 5 ? null : old + 1;
    }

    @FunctionalInterface
    private interface Question {
        @Nullable
        Object ask(Map<String, Integer> map, String key, int value);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 42, 20_260_101, -7})
    void behavesLikeAConcurrentMap(long seed) {
        assertBehavesAlike(seed, new ConcurrentHashMap<>(), watched(new ConcurrentHashMap<>()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 42, 20_260_101, -7})
    void behavesLikeAPlainMap(long seed) {
        assertBehavesAlike(seed, new HashMap<>(), watched(new HashMap<>()));
    }

    private static void assertBehavesAlike(long seed, Map<String, Integer> expected, Map<String, Integer> watched) {
        Random random = new Random(seed);
        for (int step = 0; step < 5_000; step++) {
            int question = random.nextInt(QUESTIONS.size());
            String key = "key " + random.nextInt(6);
            int value = random.nextInt(10);
            Object answer = QUESTIONS.get(question).ask(watched, key, value);

            assertThat(answer)
                    .as("seed %d, step %d: question %d for %s, %d", seed, step, question, key, value)
                    .isEqualTo(QUESTIONS.get(question).ask(expected, key, value));
            assertThat(watched).isEqualTo(expected);
        }
        assertThat(watched).hasToString(expected.toString());
    }

    @Test
    void takesNullWhereTheMapDoes() {
        Map<@Nullable String, @Nullable Integer> plain = new HashMap<>();
        Map<@Nullable String, @Nullable Integer> watched =
                WatchedCaches.<Map<@Nullable String, @Nullable Integer>>of("nulls", plain);
        watched.put(null, 1);
        watched.put("null", null);

        assertThat(watched.get(null)).isEqualTo(1);
        assertThat(watched.containsKey("null")).isTrue();
        assertThat(watched.getOrDefault("null", 7)).isNull();
        assertThat(watched.getOrDefault("absent", 7)).isEqualTo(7);
        assertThat(watched.computeIfAbsent("null", key -> 3)).isEqualTo(3);
        assertThat(watched.remove(null)).isEqualTo(1);
        assertThat(plain).isEqualTo(Map.of("null", 3));
    }

    @Test
    void refusesNullWhereTheMapDoes() {
        ConcurrentMap<String, Integer> watched = watched(new ConcurrentHashMap<>());

        assertThatThrownBy(() -> put(watched, null)).isInstanceOf(NullPointerException.class);
        assertThat(watched).isEmpty();
    }

    @SuppressWarnings("NullAway") // what must be refused
    private static void put(Map<String, Integer> map, @Nullable String key) {
        map.put(key, 1);
    }

    /** The default is no value of the map, also if it is equal to one. */
    @Test
    void tellsAHitFromADefaultThatIsTheSame() {
        ConcurrentMap<String, Integer> watched = watched(new ConcurrentHashMap<>(Map.of("a", 7)));
        assertThat(watched.getOrDefault("a", 7)).isEqualTo(7);
        assertThat(watched.getOrDefault("b", 7)).isEqualTo(7);

        assertThat(statuses()).containsExactly("GET a HIT", "GET b MISS");
    }

    /** Asking twice, once for the value and once whether there is one, answered null when another thread wrote between. */
    @Test
    void aDefaultIsAnsweredInOneCall() {
        Map<String, Integer> writtenMeanwhile = new ConcurrentHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            public @Nullable Integer get(Object key) {
                Integer value = super.get(key);
                super.put(key.toString(), 1);
                return value;
            }
        };

        assertThat(watched(writtenMeanwhile).getOrDefault("a", 7)).isEqualTo(7);
    }

    private List<String> statuses() {
        return scope.journal().cache().operations().stream()
                .map(operation -> operation.text() + " " + operation.outcome().status())
                .toList();
    }

    @Test
    void journalsReadsAndWrites() {
        ConcurrentMap<String, Integer> watched = watched(new ConcurrentHashMap<>());
        Map<String, Function<String, @Nullable Integer>> loads = new LinkedHashMap<>();
        loads.put("a", key -> 1);
        loads.put("none", key -> null);
        loads.forEach((key, load) -> watched.computeIfAbsent(key, absent -> load.apply(absent)));
        watched.computeIfAbsent("a", key -> 2);
        watched.get("a");
        watched.get("none");
        assertThat(watched.containsKey("a")).isTrue();
        watched.put("b", 2);
        watched.putIfAbsent("b", 3);
        watched.replace("b", 4);
        watched.compute("b", (key, old) -> 5);
        watched.computeIfPresent("b", (key, old) -> 6);
        watched.merge("b", 1, Integer::sum);
        watched.remove("b");
        watched.clear();

        assertThat(statuses())
                .containsExactly(
                        "GET a MISS",
                        "GET none MISS",
                        "GET a HIT",
                        "GET a HIT",
                        "GET none MISS",
                        "CONTAINS a HIT",
                        "PUT b DONE",
                        "PUT IF ABSENT b DONE",
                        "REPLACE b DONE",
                        "COMPUTE b DONE",
                        "COMPUTE b DONE",
                        "MERGE b DONE",
                        "REMOVE b DONE",
                        "CLEAR * DONE");
        assertThat(Reset.engine(watched).views())
                .hasEntrySatisfying("cache", view -> assertThat(view.reads()).isEqualTo(6));
    }

    @Test
    void journalsALoadThatFails() {
        ConcurrentMap<String, Integer> watched = watched(new ConcurrentHashMap<>());
        assertThatThrownBy(() -> watched.computeIfAbsent("a", key -> {
                    throw new IllegalStateException("of the load");
                }))
                .hasMessage("of the load");

        assertThat(statuses()).containsExactly("GET a FAILED");
    }

    @Test
    void isNotAskedWhereAGateRefuses() {
        Map<String, Integer> store = new ConcurrentHashMap<>();
        ConcurrentMap<String, Integer> watched = watched(store);
        scope.gate(operation -> Gate.Verdict.refuse("cache down"));

        assertThatThrownBy(() -> watched.put("a", 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("PUT was refused by a gate: cache down");
        assertThat(store).isEmpty();
        assertThat(statuses()).containsExactly("PUT a REFUSED");
    }

    @Test
    void keysThatDifferInNumbersAndIdsHaveOneShape() {
        ConcurrentMap<String, Integer> watched = watched(new ConcurrentHashMap<>());
        List<String> keys = new ArrayList<>(List.of("price:7:de", "price:1234:de"));
        keys.add("price:3f2504e0-4f89-11d3-9a0c-0305e82c3301:de");
        keys.forEach(watched::get);

        assertThat(scope.journal().cache().operations())
                .extracting(operation -> operation.shape())
                .containsOnly("GET price:#:de");
    }

    @Test
    void isTheSameCacheAsTheOneThatItDecorates() {
        Map<String, Integer> store = new ConcurrentHashMap<>(Map.of("a", 1));
        ConcurrentMap<String, Integer> watched = watched(store);
        watched.put("b", 2);

        assertThat(store).isEqualTo(Map.of("a", 1, "b", 2)).isEqualTo(watched);
        Reset.of(watched);
        assertThat(store).isEmpty();
    }
}
