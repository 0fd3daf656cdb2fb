package dev.cacheproof.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.util.ClassUtils;

/**
 * A data source of the class that the application knows it by, whose connections are watched. What Spring's own tools look for
 * behind a proxy of Spring, they find behind this one.
 */
final class WatchingProxy {

    private WatchingProxy() {}

    static boolean isOne(DataSource dataSource) {
        return dataSource instanceof Advised advised
                && Arrays.stream(advised.getAdvisors()).anyMatch(advisor -> advisor.getAdvice() instanceof Connections);
    }

    /**
     * Says whether a proxy can take the place of a data source.
     *
     * @param dataSource the data source
     * @param needed the type as which the application knows it
     */
    static boolean isPossible(DataSource dataSource, Class<?> needed) {
        return needed.isInterface() || isOpen(dataSource.getClass());
    }

    /** A final method would run on the proxy itself, whose fields are empty. */
    private static boolean isOpen(Class<?> given) {
        // A proxy of Spring has final methods, and Spring makes the next one of the class behind it.
        Class<?> type = ClassUtils.getUserClass(given);
        if (Modifier.isFinal(type.getModifiers()) || type.isSealed()) {
            return false;
        }
        return Stream.<Class<?>>iterate(type, each -> each != null && each != Object.class, Class::getSuperclass)
                .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                .map(Method::getModifiers)
                .noneMatch(is -> Modifier.isFinal(is) && !Modifier.isStatic(is) && !Modifier.isPrivate(is));
    }

    static DataSource of(DataSource dataSource, DataSource watched) {
        ProxyFactory proxies = new ProxyFactory(dataSource);
        proxies.setProxyTargetClass(isOpen(dataSource.getClass()));
        proxies.addAdvice(new Connections(watched));
        return (DataSource) proxies.getProxy(dataSource.getClass().getClassLoader());
    }

    /** Hands out watched connections. A pool that is looked for is the proxy itself, so that its connections are watched, too. */
    private record Connections(DataSource watched) implements MethodInterceptor {

        @Override
        public @Nullable Object invoke(MethodInvocation call) throws Throwable {
            @Nullable Object[] given = call.getArguments();
            return switch (call.getMethod().getName()) {
                case "getConnection" ->
                    given.length == 0
                            ? watched.getConnection()
                            : given.length == 2
                                    ? watched.getConnection((String) given[0], (String) given[1])
                                    : call.proceed();
                case "unwrap" -> unwrap(type(given[0]), call);
                case "isWrapperFor" -> type(given[0]).isInstance(proxy(call)) || watched.isWrapperFor(type(given[0]));
                default -> call.proceed();
            };
        }

        private static Class<?> type(@Nullable Object given) {
            return (Class<?>) Objects.requireNonNull(given, "iface");
        }

        private Object unwrap(Class<?> type, MethodInvocation call) throws SQLException {
            return type.isInstance(proxy(call)) ? proxy(call) : watched.unwrap(type);
        }

        private static Object proxy(MethodInvocation call) {
            return ((ProxyMethodInvocation) call).getProxy();
        }
    }
}
