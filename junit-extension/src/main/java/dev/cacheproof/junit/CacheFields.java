package dev.cacheproof.junit;

import dev.cacheproof.CacheRegistry;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collections;
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

    /** Finds the fields; the classes around the test class are given outermost first, as the types of its instances. */
    static CacheFields of(List<Class<?>> enclosing, Class<?> testClass) {
        List<Class<?>> classes = new ArrayList<>(enclosing);
        classes.add(testClass);
        Collections.reverse(classes);
        List<CacheField> fields = new ArrayList<>();
        boolean kept = false;
        for (Class<?> type : classes) {
            // An instance that is kept for all tests of its class keeps the instances around it, too.
            kept |= isKept(type);
            boolean instanceKept = kept;
            AnnotationSupport.findAnnotatedFields(
                            type, RegisterCache.class, field -> true, HierarchyTraversalMode.TOP_DOWN)
                    .stream()
                    .filter(field -> fields.stream().noneMatch(known -> known.isStatic() && known.field.equals(field)))
                    .forEach(field -> fields.add(new CacheField(field, type, instanceKept)));
        }
        return new CacheFields(fields);
    }

    private static boolean isKept(Class<?> testClass) {
        return AnnotationSupport.findAnnotation(testClass, TestInstance.class)
                .map(TestInstance::value)
                .filter(TestInstance.Lifecycle.PER_CLASS::equals)
                .isPresent();
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

    /** A field, the test class that it was found in, and whether several tests get one instance of that. */
    record CacheField(Field field, Class<?> testClass, boolean instanceKept) {

        String id() {
            String given = field.getAnnotation(RegisterCache.class).value();
            return given.isEmpty() ? field.getDeclaringClass().getSimpleName() + "." + field.getName() : given;
        }

        private boolean isStatic() {
            return Modifier.isStatic(field.getModifiers());
        }

        boolean isShared() {
            return isStatic() || instanceKept;
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
            registry.addField(id(), toString(), isShared(), cache, replacement(instances));
        }

        private @Nullable Consumer<Object> replacement(List<?> instances) {
            if (!field.getAnnotation(RegisterCache.class).watch()) {
                return null;
            }
            boolean threadLocal = field.getType() == ThreadLocal.class;
            if (Modifier.isFinal(field.getModifiers())
                    || !(threadLocal || field.getType().isInterface())) {
                throw new IllegalArgumentException("@RegisterCache(watch = true) on " + this + ", which is "
                        + (Modifier.isFinal(field.getModifiers())
                                ? "final"
                                : "of a class, " + field.getType().getName())
                        + ": it must be a field that can be given another cache, of the type Map, Cache, LoadingCache or"
                        + " ThreadLocal.");
            }
            return watched -> set(instances, watched);
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
                            .filter(testClass::isInstance)
                            .findFirst()
                            .orElseThrow();
        }

        @Override
        public String toString() {
            return "field " + field.getDeclaringClass().getSimpleName() + "." + field.getName();
        }
    }
}
