package dev.cacheproof.junit;

import dev.cacheproof.fake.FakeLifecycle;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The fields of a test class, and of those that enclose it, that hold fakes. Reading them initializes no class. */
record FakeFields(List<TestField> fields) {

    static FakeFields of(TestClasses classes) {
        return new FakeFields(TestField.find(Fake.class, classes));
    }

    /** Returns the names of the fakes that tests may share. */
    Set<String> sharedIds() {
        Set<String> ids = new LinkedHashSet<>();
        fields.stream().filter(TestField::isShared).forEach(field -> ids.add(name(field)));
        return ids;
    }

    /** Returns the fake that the application is connected to; null if the field gets one of its own. */
    static @Nullable Object provided(TestField field, TestApplication application) {
        return application.fake(field.field().getType(), givenName(field));
    }

    static Object started(TestField field, List<?> instances) {
        Object fake = field.value(instances);
        if (fake == null) {
            throw new IllegalStateException("@Fake " + field + " is null: the test has set it to null, or its fake was"
                    + " ended too early. Leave the field alone.");
        }
        return fake;
    }

    /** Names the fakes: a test's own by its field alone, unless another of its caches has that name. */
    Map<TestField, String> names(Set<String> taken) {
        Map<TestField, String> names = new LinkedHashMap<>();
        for (TestField field : fields) {
            String name = name(field);
            boolean clashes = taken.contains(name)
                    || fields.stream()
                            .anyMatch(
                                    other -> !other.equals(field) && name(other).equals(name));
            names.put(field, clashes && !isNamed(field) ? field.qualifiedName() : name);
        }
        return names;
    }

    static String name(TestField field) {
        return field.isShared() && !isNamed(field) ? field.qualifiedName() : givenName(field);
    }

    private static boolean isNamed(TestField field) {
        return !field.annotation(Fake.class).value().isEmpty();
    }

    private static String givenName(TestField field) {
        String given = field.annotation(Fake.class).value();
        return given.isEmpty() ? field.field().getName() : given;
    }

    /** Puts the application's fake into a field. */
    static RunningFake<?> adopt(TestField field, List<?> instances, Object fake, String lockId) {
        refuseFinal(field);
        field.set(instances, fake);
        return adopt(lifecycle(field), fake, givenName(field), lockId);
    }

    private static <F> RunningFake<F> adopt(FakeLifecycle<F> lifecycle, Object fake, String name, String lockId) {
        RunningFake.Place place = new RunningFake.Place(name, lockId, true, lockId);
        return new RunningFake<>(lifecycle, lifecycle.type().cast(fake), place, () -> {});
    }

    private static void refuseFinal(TestField field) {
        if (field.isFinal()) {
            throw new IllegalArgumentException(
                    "@Fake on " + field + ", which is final: it must be a field that can be given a fake.");
        }
    }

    /** Starts a fake, and puts it into its field. */
    static RunningFake<?> start(TestField field, String name, List<?> instances) {
        refuseFinal(field);
        Object present = field.value(instances);
        if (present != null) {
            throw new IllegalArgumentException("@Fake on " + field + ", which holds " + present
                    + " already: leave it unassigned, or leave the annotation out and end the fake yourself.");
        }
        return start(lifecycle(field), field, name, instances);
    }

    private static <F> RunningFake<F> start(
            FakeLifecycle<F> lifecycle, TestField field, String name, List<?> instances) {
        F fake = lifecycle.start(name);
        field.set(instances, fake);
        RunningFake.Place place = new RunningFake.Place(name, field.toString(), field.isShared(), null);
        return new RunningFake<>(lifecycle, fake, place, () -> field.empty(instances, fake));
    }

    private static FakeLifecycle<?> lifecycle(TestField field) {
        Class<?> wanted = field.field().getType();
        List<FakeLifecycle<?>> known = Lifecycles.ALL;
        for (FakeLifecycle<?> each : known) {
            if (each.type() == wanted) {
                return each;
            }
        }
        throw new IllegalArgumentException("@Fake on " + field + ", whose type " + wanted.getName()
                + " is no fake. There are: "
                + known.stream().map(each -> each.type().getName()).collect(Collectors.joining(", ")) + ".");
    }

    /** Loaded when first needed, once: what is on the class path does not change. */
    private static final class Lifecycles {
        @SuppressWarnings("unchecked") // of whatever kind
        static final List<FakeLifecycle<?>> ALL =
                ServiceLoader.load((Class<FakeLifecycle<?>>) (Class<?>) FakeLifecycle.class).stream()
                        .<FakeLifecycle<?>>map(ServiceLoader.Provider::get)
                        .toList();
    }
}
