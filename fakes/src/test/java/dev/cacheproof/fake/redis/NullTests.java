package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cacheproof.TestClock;
import dev.cacheproof.fake.Condition;
import dev.cacheproof.fake.Fault;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.JedisClientConfig;

/** Who passes null where it means nothing is told the name of the parameter. */
class NullTests {

    private static final Map<Class<?>, Object> SAMPLES = Map.of(
            String.class,
            "k",
            String[].class,
            new String[] {"GET"},
            int.class,
            1,
            long.class,
            1L,
            double.class,
            0.5,
            Duration.class,
            Duration.ofSeconds(1),
            Fault.class,
            Fault.reset(),
            Condition.class,
            Condition.DOWN,
            TestClock.class,
            TestClock.create(),
            JedisClientConfig.class,
            DefaultJedisClientConfig.builder().build());

    @Test
    void everyParameterIsNamed() throws ReflectiveOperationException {
        List<String> checked = new ArrayList<>();
        try (FakeRedis redis = FakeRedis.start()) {
            for (Object owner :
                    List.of(redis, redis.faults(), FakeRedis.builder(), Fault.reset(), InProcessJedis.of(redis))) {
                for (Method method : owner.getClass().getDeclaredMethods()) {
                    if (isOurs(method)) {
                        check(owner, method, redis, checked);
                    }
                }
            }
        }
        assertThat(checked).contains("begin(condition)", "on(commands)", "put(ttl)", "client(config)", "name(name)");
    }

    private static boolean isOurs(Method method) {
        return Modifier.isPublic(method.getModifiers())
                && !method.isAnnotationPresent(API.class)
                && !method.isSynthetic()
                && !method.getName().equals("equals");
    }

    private static void check(Object owner, Method method, FakeRedis redis, List<String> checked) {
        for (int i = 0; i < method.getParameterCount(); i++) {
            if (method.getParameterTypes()[i].isPrimitive()) {
                continue;
            }
            @Nullable
            Object[] arguments = Arrays.stream(method.getParameterTypes())
                    .map(type -> type == FakeRedis.class ? redis : SAMPLES.get(type))
                    .toArray();
            assertThat(arguments).as(method.toString()).doesNotContainNull();
            arguments[i] = null;
            String name = method.getParameters()[i].getName();
            assertThatThrownBy(() -> method.invoke(owner, arguments))
                    .as("%s with null for %s", method, name)
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .isInstanceOf(NullPointerException.class)
                    .hasMessage(name);
            checked.add(method.getName() + "(" + name + ")");
        }
    }
}
