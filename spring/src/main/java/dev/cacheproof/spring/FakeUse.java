package dev.cacheproof.spring;

import dev.cacheproof.FailureText;
import dev.cacheproof.fake.redis.FakeRedis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryUtils;
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

    private static final String NOT_PRIMARY =
            "of several connection factories, let that connect to the fake which Spring takes where it may choose: the\n"
                    + "@Primary one. What the others do may go elsewhere.";

    private static final String FIELD_OF_SUBCLASS =
            "move the field to the class whose @ContextHierarchy declares the parent context: Spring shows a context no\n"
                    + "fields of subclasses.";

    private FakeUse() {}

    /**
     * Checks it before a test uses it.
     *
     * @param fake null where the test is about to get one of its own
     * @param ofAll whether the contexts around that of the test have the fake, too
     */
    static void require(String name, @Nullable FakeRedis fake, boolean ofAll, ConfigurableListableBeanFactory beans) {
        // Made here where it is lazy: a fake is for those who will use it.
        RedisConnectionFactory byDefault =
                beans.getBeanProvider(RedisConnectionFactory.class).getIfUnique();
        List<FakeRedis> fakes = fake == null ? List.of() : List.of(fake);
        // Of one that does not tell, as Redisson's does not, it may be true.
        Map<String, RedisServer> servers = servers(fakes, beans, RedisServer::isKnown);
        // One that passes on what it is asked for may stand before any of the others.
        Stream<RedisServer> used = byDefault == null || !RedisServer.isKnown(byDefault)
                ? servers.values().stream()
                : Stream.of(RedisServer.of(byDefault, fakes));
        if (servers.isEmpty() || used.anyMatch(server -> server.fake() != null)) {
            return;
        }
        FailureText text = FailureText.of("@Fake FakeRedis " + name
                + " is not what the application is connected to, so the test would prove nothing");
        servers.forEach((bean, server) -> text.fact("bean " + bean, "connects to " + server.description()));
        boolean ofAnother = servers.values().stream().anyMatch(server -> server.fake() != null);
        throw text.hint(!ofAll ? FIELD_OF_SUBCLASS : ofAnother ? NOT_PRIMARY : wayOut(beans))
                .toError();
    }

    /** Says in the line about the start of a context why tests may not see in a fake what they expect; empty if they will. */
    static String doubts(FakeRedis fake, ConfigurableListableBeanFactory beans) {
        if (BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, RedisConnectionFactory.class, false, false)
                        .length
                == 0) {
            return ", which no RedisConnectionFactory here connects to";
        }
        List<FakeRedis> fakes = new ArrayList<>(List.of(fake));
        fakes.addAll(ExistingBeans.of(beans).ofType(FakeRedis.class).values());
        return servers(fakes, beans, any -> true).entrySet().stream()
                .filter(each -> each.getValue().fake() == null)
                .map(each -> ", but bean \"" + each.getKey() + "\" connects to "
                        + each.getValue().description())
                .collect(Collectors.joining());
    }

    /** Says in the line about the start of a context what is left alone on servers that the tests did not start. */
    static List<String> withoutFake(ConfigurableListableBeanFactory beans) {
        return servers(List.of(), beans, any -> true).entrySet().stream()
                .map(each -> "of " + each.getValue().description() + ", which \"" + each.getKey()
                        + "\" connects to, the caches alone")
                .toList();
    }

    /** A bean of a child may have the name of one of its parent, which goes on to be used by the parent's beans. */
    private static Map<String, RedisServer> servers(
            List<FakeRedis> fakes, ConfigurableListableBeanFactory beans, Predicate<RedisConnectionFactory> wanted) {
        Map<String, RedisServer> servers = new LinkedHashMap<>();
        BeanFactory each = beans;
        String origin = "";
        while (each instanceof ConfigurableListableBeanFactory level) {
            String ofLevel = origin;
            ExistingBeans.of(level).ofType(RedisConnectionFactory.class).forEach((bean, factory) -> {
                if (wanted.test(factory)) {
                    servers.put(bean + ofLevel, RedisServer.of(factory, fakes));
                }
            });
            each = level.getParentBeanFactory();
            origin += " (parent context)";
        }
        return servers;
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
        return "let Spring Boot make the connection factory, or take the address from the properties that the fake sets:\n"
                + "spring.data.redis.url, or .host and .port, which neither @DynamicPropertySource nor a bean may set anew.";
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
