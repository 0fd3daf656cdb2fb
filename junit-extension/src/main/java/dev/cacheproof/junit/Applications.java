package dev.cacheproof.junit;

import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The applications that tests run in, of whatever framework. */
final class Applications {

    /** Loaded once: what is on the class path does not change. */
    private static final List<ApplicationSource> SOURCES = ServiceLoader.load(ApplicationSource.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();

    private Applications() {}

    static @Nullable String lockId(Class<?> testClass) {
        return SOURCES.stream()
                .map(source -> source.lockId(testClass))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Returns the applications that tests of a class can reach; empty where that is not known. */
    static Set<String> reach(Class<?> testClass) {
        return SOURCES.stream()
                .map(source -> source.reach(testClass))
                .filter(reach -> !reach.isEmpty())
                .findFirst()
                .orElse(Set.of());
    }

    static @Nullable TestApplication of(ExtensionContext context) {
        return SOURCES.stream()
                .map(source -> source.application(context))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
