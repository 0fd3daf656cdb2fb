package dev.cacheproof.junit;

import dev.cacheproof.CacheRegistry;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of a test class, and of those that enclose it, that register caches. Reading them initializes no class. */
record CacheFields(List<TestField> fields) {

    /** Finds the fields. Those are shared that are locked, and locks are taken by what the annotations say. */
    static CacheFields of(TestClasses classes) {
        return new CacheFields(TestField.find(RegisterCache.class, classes.asDeclared()));
    }

    Set<String> ids() {
        return fields.stream().map(CacheFields::id).collect(Collectors.toSet());
    }

    /** Returns the ids of the caches that tests may share. */
    Set<String> sharedIds() {
        Set<String> ids = new LinkedHashSet<>();
        fields.stream().filter(TestField::isShared).forEach(field -> ids.add(id(field)));
        return ids;
    }

    void register(CacheRegistry registry, List<?> instances) {
        fields.forEach(field -> register(registry, field, instances));
    }

    /** Returns the ids of the fields that hold nothing yet: they may be assigned in a method that runs before the test. */
    Set<String> unassigned(List<?> instances) {
        Set<String> ids = new LinkedHashSet<>();
        fields.stream().filter(field -> field.value(instances) == null).forEach(field -> ids.add(id(field)));
        return ids;
    }

    private static RegisterCache annotation(TestField field) {
        return field.annotation(RegisterCache.class);
    }

    private static String id(TestField field) {
        String given = annotation(field).value();
        return given.isEmpty() ? field.qualifiedName() : given;
    }

    private static void register(CacheRegistry registry, TestField field, List<?> instances) {
        Supplier<Object> cache = () -> {
            Object value = field.value(instances);
            if (value == null) {
                throw new IllegalStateException("@RegisterCache " + field
                        + " is null. Assign the cache where the field is declared, or in a @BeforeAll or"
                        + " @BeforeEach method.");
            }
            return value;
        };
        registry.addField(id(field), field.toString(), field.isShared(), cache, replacement(field, instances));
    }

    private static @Nullable Consumer<Object> replacement(TestField field, List<?> instances) {
        if (!annotation(field).watch()) {
            return null;
        }
        Class<?> type = field.field().getType();
        if (field.isFinal() || !(type == ThreadLocal.class || type.isInterface())) {
            throw new IllegalArgumentException("@RegisterCache(watch = true) on " + field + ", which is "
                    + (field.isFinal() ? "final" : "of a class, " + type.getName())
                    + ": it must be a field that can be given another cache, of the type Map, Cache, LoadingCache or"
                    + " ThreadLocal.");
        }
        return watched -> {
            if (!type.isInstance(watched)) {
                throw new ClassCastException(watched.getClass() + " is no " + type);
            }
            field.set(instances, watched);
        };
    }
}
