package dev.cacheproof.junit;

import dev.cacheproof.CacheRegistry;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/** The fields of a test class, and of those that enclose it, that register caches. Reading them initializes no class. */
record CacheFields(List<CacheField> fields) {

    static CacheFields of(List<Class<?>> enclosing, Class<?> testClass) {
        List<CacheField> fields = new ArrayList<>();
        List<Class<?>> classes = new ArrayList<>(enclosing);
        classes.add(testClass);
        for (Class<?> type : classes) {
            AnnotationSupport.findAnnotatedFields(
                            type, RegisterCache.class, field -> true, HierarchyTraversalMode.TOP_DOWN)
                    .forEach(field -> fields.add(new CacheField(field, type)));
        }
        return new CacheFields(fields);
    }

    /** Returns the ids of the caches that tests may share. */
    Set<String> sharedIds() {
        Set<String> ids = new LinkedHashSet<>();
        fields.stream().filter(CacheField::isShared).forEach(field -> ids.add(field.id()));
        return ids;
    }

    void register(CacheRegistry registry, List<?> instances) {
        fields.forEach(field -> field.register(registry, instances));
    }

    /** Returns the ids of the fields that hold nothing yet: they may be assigned in a method that runs before the test. */
    Set<String> unassigned(List<?> instances) {
        Set<String> ids = new LinkedHashSet<>();
        fields.stream().filter(field -> field.value(instances) == null).forEach(field -> ids.add(field.id()));
        return ids;
    }

    /** A field, and the test class that it was found in. */
    record CacheField(Field field, Class<?> testClass) {

        String id() {
            String given = field.getAnnotation(RegisterCache.class).value();
            return given.isEmpty() ? field.getDeclaringClass().getSimpleName() + "." + field.getName() : given;
        }

        private boolean isStatic() {
            return Modifier.isStatic(field.getModifiers());
        }

        boolean isShared() {
            return isStatic()
                    || AnnotationSupport.findAnnotation(testClass, TestInstance.class)
                            .map(TestInstance::value)
                            .filter(TestInstance.Lifecycle.PER_CLASS::equals)
                            .isPresent();
        }

        void register(CacheRegistry registry, List<?> instances) {
            Supplier<Object> cache = () -> {
                Object value = value(instances);
                if (value == null) {
                    throw new IllegalStateException("@RegisterCache " + this
                            + " is null. Assign the cache where the field is declared, or in a @BeforeAll or"
                            + " @BeforeEach method.");
                }
                return value;
            };
            boolean replaceable =
                    !Modifier.isFinal(field.getModifiers()) && field.getType().isInterface();
            Consumer<Object> replace = watched -> set(instances, watched);
            if (!isShared()) {
                registry.addOwn(id(), cache, replaceable ? replace : null);
            } else if (replaceable) {
                registry.add(id(), cache, replace);
            } else {
                registry.add(id(), cache);
            }
        }

        @Nullable
        Object value(List<?> instances) {
            try {
                field.setAccessible(true);
                return field.get(owner(instances));
            } catch (IllegalAccessException impossible) {
                throw new IllegalStateException("@RegisterCache " + this + " cannot be read", impossible);
            }
        }

        private void set(List<?> instances, Object watched) {
            if (!field.getType().isInstance(watched)) {
                throw new ClassCastException(watched.getClass() + " is no " + field.getType());
            }
            try {
                field.set(owner(instances), watched);
            } catch (IllegalAccessException impossible) {
                throw new IllegalStateException("@RegisterCache " + this + " cannot be replaced", impossible);
            }
        }

        private @Nullable Object owner(List<?> instances) {
            return isStatic()
                    ? null
                    : instances.stream()
                            .filter(field.getDeclaringClass()::isInstance)
                            .findFirst()
                            .orElseThrow();
        }

        @Override
        public String toString() {
            return "field " + field.getDeclaringClass().getSimpleName() + "." + field.getName();
        }
    }
}
