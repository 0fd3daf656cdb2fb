package dev.cacheproof.spring;

import dev.cacheproof.FailureText;
import dev.cacheproof.fake.redis.FakeRedis;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.util.ClassUtils;

/** Refuses a fake that the application is not connected to: what the test says of it would prove nothing. */
final class FakeUse {

    private static final List<String> OTHER_TOPOLOGIES = List.of(
            "spring.data.redis.cluster.nodes",
            "spring.data.redis.cluster.nodes[0]",
            "spring.data.redis.sentinel.master",
            "spring.data.redis.masterreplica.nodes",
            "spring.data.redis.masterreplica.nodes[0]");

    /** The bean that says where to connect, before and since Spring Boot 4. */
    private static final List<String> DETAILS = List.of(
            "org.springframework.boot.autoconfigure.data.redis.RedisConnectionDetails",
            "org.springframework.boot.data.redis.autoconfigure.DataRedisConnectionDetails");

    private FakeUse() {}

    static void require(String name, FakeRedis fake, ConfigurableListableBeanFactory beans) {
        Map<String, RedisServer> servers = new LinkedHashMap<>();
        CacheSource.existing(beans, RedisConnectionFactory.class)
                .forEach((bean, factory) -> servers.put(bean, RedisServer.of(factory, List.of(fake))));
        if (servers.isEmpty() || servers.values().stream().anyMatch(server -> server.fake() != null)) {
            return;
        }
        FailureText text = FailureText.of("@Fake FakeRedis " + name
                + " is not what the application is connected to, so the test would prove nothing");
        servers.forEach((bean, server) -> text.fact("bean " + bean, "connects to " + server.description()));
        throw text.hint(wayOut(beans)).toError();
    }

    private static String wayOut(ConfigurableListableBeanFactory beans) {
        String details = details(beans);
        if (details != null) {
            return "bean " + details + " says where to connect: leave it out of this test (@ServiceConnection, or a\n"
                    + "configuration that is imported), or leave out the fake.";
        }
        Environment environment = beans.getBean(Environment.class);
        for (String property : OTHER_TOPOLOGIES) {
            if (environment.containsProperty(property)) {
                return "a fake is one server, but the property " + property.replace("[0]", "")
                        + " is set: set it in a profile that\nthis test does not have.";
            }
        }
        return "let Spring Boot make the connection factory, or take the address from the same properties as it does:\n"
                + "spring.data.redis.url, which the fake sets, and which neither @DynamicPropertySource nor a bean may set anew.";
    }

    private static @Nullable String details(ConfigurableListableBeanFactory beans) {
        for (String type : DETAILS) {
            ClassLoader loader = beans.getBeanClassLoader();
            if (!ClassUtils.isPresent(type, loader)) {
                continue;
            }
            for (String bean : beans.getBeanNamesForType(ClassUtils.resolveClassName(type, loader), false, false)) {
                Class<?> found = beans.getType(bean);
                if (found != null && !found.getSimpleName().startsWith("Properties")) {
                    return bean;
                }
            }
        }
        return null;
    }
}
