package dev.cacheproof.spring;

import dev.cacheproof.FailureText;
import dev.cacheproof.fake.redis.FakeRedis;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which properties connect an application to a fake. */
final class FakeConnections {

    private FakeConnections() {}

    /** Refuses fakes of which an application could only be connected to one, before any is started. */
    static void requireOne(Set<FakeDefinition> fakes) {
        List<FakeDefinition> redis = fakes.stream()
                .filter(definition -> definition.type() == FakeRedis.class)
                .toList();
        if (redis.size() > 1) {
            throw new IllegalStateException(twoFakes(redis));
        }
    }

    static Map<String, Object> properties(RedisContext redis) {
        if (redis.fakes().isEmpty()) {
            return Map.of();
        }
        FakeRedis fake = redis.fakes().get(0);
        // The user and the database of an application's own server are not those of a fake.
        return Map.of(
                "spring.data.redis.url", fake.uri(),
                // Spring Boot does not look at these two then, but others do.
                "spring.data.redis.host", fake.host(),
                "spring.data.redis.port", String.valueOf(fake.port()),
                "spring.data.redis.database", "0",
                "spring.data.redis.ssl.enabled", "false");
    }

    private static String twoFakes(List<FakeDefinition> redis) {
        return FailureText.of("An application can be connected to one FakeRedis, but the test class has "
                        + redis.stream()
                                .map(definition -> "@Fake FakeRedis " + definition.name())
                                .collect(Collectors.joining(" and ")))
                .hint("keep one; of fields that mean the same fake, let the names be the same: @Fake(\""
                        + redis.get(0).name() + "\").\n"
                        + "For a second server, make the fake a bean of the test's configuration:\n"
                        + "  @Bean(destroyMethod = \"close\") FakeRedis sessions() { return FakeRedis.start(); }")
                .toString();
    }
}
