package dev.cacheproof.spring;

import dev.cacheproof.fake.redis.FakeRedis;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which properties connect an application to a fake. */
final class FakeConnections {

    private FakeConnections() {}

    static Map<String, Object> properties(Map<FakeDefinition, Object> fakes) {
        Map<String, Object> properties = new HashMap<>();
        List<FakeRedis> redis = fakes.values().stream()
                .filter(FakeRedis.class::isInstance)
                .map(FakeRedis.class::cast)
                .toList();
        if (redis.size() == 1) {
            properties.put("spring.data.redis.url", redis.get(0).uri().toString());
            properties.put("spring.data.redis.ssl.enabled", "false");
        }
        return properties;
    }
}
