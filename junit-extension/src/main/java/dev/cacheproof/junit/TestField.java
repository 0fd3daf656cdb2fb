package dev.cacheproof.junit;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;

/**
 * An annotated field.
 *
 * @param testClass the class that it was found in
 * @param instanceKept whether several tests get one instance of that
 * @param ownerName the simple name of the class to show: the one that declares it; or that it was found in, where a class around
 *     that has the same field from the same superclass
 */
record TestField(Field field, Class<?> testClass, boolean instanceKept, String ownerName) {

    /** Asked several times for each test; JUnit goes through all superclasses and interfaces each time. */
    private static final ClassValue<Map<Class<? extends Annotation>, List<Field>>> ANNOTATED = new ClassValue<>() {
        @Override
        protected Map<Class<? extends Annotation>, List<Field>> computeValue(Class<?> type) {
            return new ConcurrentHashMap<>();
        }
    };

    /** Finds the fields of a test class, and of those that enclose it, without initializing any. */
    static List<TestField> find(Class<? extends Annotation> annotation, TestClasses classes) {
        List<TestField> fields = new ArrayList<>();
        List<Class<?>> outwards = classes.outwards();
        boolean kept = false;
        for (int i = 0; i < outwards.size(); i++) {
            // An instance that is kept for all tests of its class keeps the instances around it, too.
            kept |= classes.kept().contains(outwards.get(i));
            for (Field field : annotated(outwards.get(i), annotation)) {
                TestField found = found(field, outwards.subList(i, outwards.size()), kept);
                if (fields.stream().noneMatch(known -> known.isStatic() && known.field.equals(field))) {
                    fields.add(found);
                }
            }
        }
        return fields;
    }

    private static TestField found(Field field, List<Class<?>> outwards, boolean kept) {
        Class<?> declaring = field.getDeclaringClass();
        boolean isAroundToo = outwards.stream().skip(1).anyMatch(declaring::isAssignableFrom);
        boolean isAnother = isAroundToo && !Modifier.isStatic(field.getModifiers());
        Class<?> testClass = outwards.get(0);
        return new TestField(field, testClass, kept, (isAnother ? testClass : declaring).getSimpleName());
    }

    private static List<Field> annotated(Class<?> type, Class<? extends Annotation> annotation) {
        return ANNOTATED
                .get(type)
                .computeIfAbsent(
                        annotation,
                        wanted -> AnnotationSupport.findAnnotatedFields(
                                type, wanted, field -> true, HierarchyTraversalMode.TOP_DOWN));
    }

    /** Returns an annotation that the field has, perhaps as a part of another one. */
    <A extends Annotation> A annotation(Class<A> type) {
        return AnnotationSupport.findAnnotation(field, type).orElseThrow();
    }

    /** Names the field among all test classes. */
    String qualifiedName() {
        return ownerName + "." + field.getName();
    }

    boolean isStatic() {
        return Modifier.isStatic(field.getModifiers());
    }

    boolean isFinal() {
        return Modifier.isFinal(field.getModifiers());
    }

    /** Says whether more than one test reads it. */
    boolean isShared() {
        return isStatic() || instanceKept;
    }

    /** Says whether one of the instances has it: those of a class around are not all there before the first test. */
    boolean isWithin(List<?> instances) {
        return isStatic() || instances.stream().anyMatch(testClass::isInstance);
    }

    @Nullable
    Object value(List<?> instances) {
        try {
            field.setAccessible(true);
            return field.get(owner(instances));
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(this + " cannot be read", impossible);
        }
    }

    void set(List<?> instances, @Nullable Object value) {
        try {
            field.setAccessible(true);
            field.set(owner(instances), value);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(this + " cannot be assigned", impossible);
        }
    }

    /** Empties the field, unless it holds something else than what was put into it. */
    @SuppressWarnings("ReferenceEquality") // what is equal to a fake is still another one
    void empty(List<?> instances, Object present) {
        if (value(instances) == present) {
            set(instances, null);
        }
    }

    private @Nullable Object owner(List<?> instances) {
        return isStatic()
                ? null
                : instances.stream().filter(testClass::isInstance).findFirst().orElseThrow();
    }

    @Override
    public String toString() {
        return "field " + qualifiedName();
    }
}
