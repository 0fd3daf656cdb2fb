package dev.cacheproof.spring;

import dev.cacheproof.query.Surroundings.Finding;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;

/** Finds methods that a cache was to save, and that ran though no cache was asked. */
final class PassedCaches {

    private PassedCaches() {}

    static @Nullable Finding finding(List<StackTraceElement> frames) {
        return frames.stream()
                .filter(PassedCaches::isCacheable)
                .findFirst()
                .map(PassedCaches::finding)
                .orElse(null);
    }

    private static Finding finding(StackTraceElement frame) {
        String type = frame.getClassName();
        String method = type.substring(type.lastIndexOf('.') + 1).replace('$', '.') + "." + frame.getMethodName();
        return new Finding(
                "call",
                method + " is @Cacheable, and ran without a cache being asked",
                "Spring asks a cache where a bean is called from outside. This method was called by its own bean, or on an\n"
                        + "object that is no bean.");
    }

    /** The frame does not say which of the methods of its name it is. On a class, the annotation is about its public ones. */
    private static boolean isCacheable(StackTraceElement frame) {
        try {
            Class<?> type = ClassUtils.forName(frame.getClassName(), null);
            return Stream.of(type.getDeclaredMethods())
                    .filter(method -> method.getName().equals(frame.getMethodName()))
                    .anyMatch(method -> AnnotatedElementUtils.hasAnnotation(method, Cacheable.class)
                            || (Modifier.isPublic(method.getModifiers())
                                    && !Modifier.isStatic(method.getModifiers())
                                    && AnnotatedElementUtils.hasAnnotation(type, Cacheable.class)));
        } catch (ClassNotFoundException | LinkageError unknown) {
            return false;
        }
    }
}
