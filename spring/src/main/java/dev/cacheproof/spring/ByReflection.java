package dev.cacheproof.spring;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** How to reach what is not in each Spring, or in another package of each. */
final class ByReflection {

    private ByReflection() {}

    static Object call(Object target, String name) {
        return call(target, name, new Class<?>[0]);
    }

    static Object call(Object target, String name, Class<?>[] types, @Nullable Object... arguments) {
        return Objects.requireNonNull(invoke(target, name, types, arguments), name);
    }

    /** Calls a method that may return nothing. */
    static @Nullable Object invoke(Object target, String name, Class<?>[] types, @Nullable Object... arguments) {
        Method method = Objects.requireNonNull(ReflectionUtils.findMethod(target.getClass(), name, types), name);
        ReflectionUtils.makeAccessible(method);
        return ReflectionUtils.invokeMethod(method, target, arguments);
    }

    /** Returns a type that the class loader of another one knows. */
    static Class<?> type(String name, Class<?> known) {
        return ClassUtils.resolveClassName(name, known.getClassLoader());
    }

    /** Returns an object of an interface, whose only method without a body is given what it is called with. */
    @SuppressWarnings("ReferenceEquality") // of proxies whose equals is this
    static Object callback(Class<?> type, Consumer<Object[]> action) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, given) -> {
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, given);
            }
            return switch (method.getName()) {
                case "equals" -> proxy == given[0];
                case "hashCode" -> System.identityHashCode(proxy);
                case "toString" -> type.getSimpleName() + " of cacheproof";
                default -> {
                    action.accept(given);
                    yield null;
                }
            };
        });
    }
}
