package dev.cacheproof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheRegistryTests {

    private final CacheRegistry registry = CacheRegistry.create();

    @Test
    void listsIdsInTheOrderInWhichTheyWereAdded() {
        registry.add("themes", FakeCache::new)
                .addField("own", "field own", false, FakeCache::new, null)
                .add("prices", FakeCache::new, replaced -> {})
                .addPerTest("outlines", FakeCache::new);

        assertThat(registry.ids()).containsExactly("themes", "own", "prices", "outlines");
        assertThat(registry.sharedIds()).containsExactly("themes", "prices");
    }

    @Test
    void callsNoSupplierBeforeTheFirstReset() {
        AtomicInteger calls = new AtomicInteger();
        Supplier<FakeCache> cache = () -> {
            calls.incrementAndGet();
            return new FakeCache();
        };
        registry.add("themes", cache)
                .add("prices", cache, replaced -> {})
                .addField("own", "field own", false, cache, null);
        CacheRegistry narrowed = registry.extended().only(Set.of("themes"));

        assertThat(narrowed.ids()).containsExactly("themes");
        assertThat(CacheIsolationEngine.of(registry).ids()).hasSize(3);
        assertThat(calls).hasValue(0);
        CacheIsolationEngine.of(narrowed).views();
        assertThat(calls).hasValue(1);
    }

    @Test
    void namesBothPlacesWhereAnIdWasRegistered() {
        registry.add("themes", FakeCache::new);
        int line = Registered.line(registry::ids);

        assertThatIllegalStateException()
                .isThrownBy(() -> registry.extended().add("themes", FakeCache::new))
                .withMessageMatching("Cache \"themes\" is registered twice: at \\(CacheRegistryTests\\.java:"
                        + (line - 1) + "\\) and at \\(CacheRegistryTests\\.java:" + (line + 3)
                        + "\\)\\. Give each cache an id of its own, or remove one of the two\\.");
        assertThat(registry.ids()).containsExactly("themes");
    }

    /** Tells the line that it is called from. */
    private static final class Registered {
        static int line(Runnable ignored) {
            return StackWalker.getInstance()
                    .walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
        }
    }

    @Test
    void anExtendedRegistryHasTheCachesOfTheOther() {
        registry.add("themes", FakeCache::new);
        CacheRegistry extended = registry.extended().add("prices", FakeCache::new);

        assertThat(extended.ids()).containsExactly("themes", "prices");
        assertThat(registry.ids()).containsExactly("themes");
        registry.add("flags", FakeCache::new);
        assertThat(extended.ids()).containsExactly("themes", "flags", "prices");
    }

    @Test
    void narrowsToSomeOfTheCaches() {
        registry.add("themes", FakeCache::new).add("prices", FakeCache::new).add("flags", FakeCache::new);

        assertThat(registry.only(Set.of("flags", "themes")).ids()).containsExactly("themes", "flags");
        assertThat(registry.only(Set.of())).isSameAs(registry);
    }

    @Test
    void namesWhatItHasWhereAnIdIsUnknown() {
        registry.add("themes", FakeCache::new).add("prices", FakeCache::new);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.only(Set.of("prices", "theme", "flag")))
                .withMessage("No cache is registered as [flag, theme]. Registered: [themes, prices]");
    }

    @Test
    void refusesACacheThatIsNull() {
        registry.add("themes", CacheRegistryTests::nothing);

        assertThatThrownBy(() -> CacheIsolationEngine.of(registry).views())
                .isInstanceOf(IllegalStateException.class)
                .message()
                .matches("Cache \"themes\", registered at \\(CacheRegistryTests\\.java:\\d+\\), is null\\."
                        + " Its supplier, or its field, must give the cache when a test starts\\.");
    }

    @SuppressWarnings("NullAway") // what must not happen
    private static Object nothing() {
        @Nullable Object none = null;
        return none;
    }

    @Test
    void refusesWhatIsNoCache() {
        registry.add("themes", () -> "no cache");

        assertThatThrownBy(() -> CacheIsolationEngine.of(registry).views())
                .isInstanceOf(IllegalStateException.class)
                .message()
                .matches(
                        "Cache \"themes\", registered at \\(CacheRegistryTests\\.java:\\d+\\), is a java\\.lang\\.String,"
                                + " which is no cache that is known here\\."
                                + " Known: none, as cacheproof-caches is not on the class path;"
                                + " or implement dev\\.cacheproof\\.CacheHandle for it\\.");
    }

    @Test
    void opensACacheAgainOnlyWhenItIsAnother() {
        FakeCache first = new FakeCache();
        FakeCache[] current = {first};
        registry.add("themes", () -> current[0]);
        CacheIsolationEngine engine = CacheIsolationEngine.of(registry);
        try (Scope scope = Neighbour.claiming("CacheRegistryTests > other", new Object(), "themes")) {
            engine.reset();
            engine.reset();
            assertThat(first.resets).hasValue(2);

            current[0] = new FakeCache();
            engine.reset();
            assertThat(first.resets).hasValue(2);
            assertThat(current[0].resets).hasValue(1);
            assertThat(scope.isClosed()).isFalse();
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void refusesWhatItCannotName() {
        assertThatNullPointerException()
                .isThrownBy(() -> registry.add(null, FakeCache::new))
                .withMessage("id");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> registry.add(" ", FakeCache::new))
                .withMessage("id must not be blank");
        assertThatNullPointerException()
                .isThrownBy(() -> registry.add("themes", null))
                .withMessage("cache");
        assertThatNullPointerException()
                .isThrownBy(() -> registry.add("themes", FakeCache::new, null))
                .withMessage("replace");
    }

    @Test
    void asksEveryRegistrarOfTheProject(@TempDir Path resources) throws Exception {
        CacheRegistry loaded = withRegistrars(resources, ShopCaches.class.getName(), CacheRegistry::load);

        assertThat(loaded.ids()).containsExactly("shop prices");
    }

    @Test
    void namesTheRegistrarThatFailed(@TempDir Path resources) throws Exception {
        assertThatThrownBy(() -> withRegistrars(resources, BrokenCaches.class.getName(), CacheRegistry::load))
                .isInstanceOf(IllegalStateException.class)
                .hasCauseInstanceOf(UnsupportedOperationException.class)
                .hasMessage("CacheRegistrar dev.cacheproof.CacheRegistryTests$BrokenCaches failed:"
                        + " java.lang.UnsupportedOperationException: of the registrar."
                        + " No cache can be isolated until it works; mend its register method.");
    }

    @Test
    void saysWhereToLookForARegistrarThatCannotBeLoaded(@TempDir Path resources) throws Exception {
        assertThatThrownBy(() -> withRegistrars(resources, "com.shop.Missing", CacheRegistry::load))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("A CacheRegistrar could not be loaded:"
                        + " dev.cacheproof.CacheRegistrar: Provider com.shop.Missing not found."
                        + " Look at META-INF/services/dev.cacheproof.CacheRegistrar in the tests' resources:"
                        + " each line names a public class with a public constructor without parameters.");
    }

    private static <T> T withRegistrars(Path resources, String className, Callable<T> work) throws Exception {
        writeService(resources, className);
        Thread current = Thread.currentThread();
        ClassLoader before = current.getContextClassLoader();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {resources.toUri().toURL()}, before)) {
            current.setContextClassLoader(loader);
            return work.call();
        } finally {
            current.setContextClassLoader(before);
        }
    }

    private static void writeService(Path resources, String className) throws IOException {
        Path services = Files.createDirectories(resources.resolve("META-INF/services"));
        Files.writeString(services.resolve(CacheRegistrar.class.getName()), className);
    }

    /** Public, as a project's own must be. */
    public static final class ShopCaches implements CacheRegistrar {
        @Override
        public void register(CacheRegistry caches) {
            caches.add("shop prices", FakeCache::new);
        }
    }

    /** Public, as a project's own must be. */
    public static final class BrokenCaches implements CacheRegistrar {
        @Override
        public void register(CacheRegistry caches) {
            throw new UnsupportedOperationException("of the registrar");
        }
    }

    /** Tests lock what the registry held when they were discovered. */
    @Test
    void takesNothingIntoTheRegistryOfTheProcessOnceItWasRead() {
        assertThatIllegalStateException()
                .isThrownBy(() -> CacheRegistry.global().add("late", FakeCache::new))
                .withMessageMatching(
                        "Cache \"late\" is added too late, at \\(CacheRegistryTests\\.java:\\d+\\): the caches of"
                                + " the process are read once, before the first test\\. Add it in a CacheRegistrar\\.");
        assertThat(CacheRegistry.global().extended().add("late", FakeCache::new).ids())
                .contains("late");
    }

    @Test
    void showsCachesThatAppearLater() {
        List<String> found = new ArrayList<>(List.of("themes"));
        CacheRegistry growing = CacheRegistry.growing(caches -> found.stream()
                .filter(id -> !caches.ids().contains(id))
                .forEach(id -> caches.addOf("application", id, FakeCache::new)));
        CacheRegistry test = registry.add("own", FakeCache::new).extended(growing);
        assertThat(test.ids()).containsExactly("own", "themes");

        found.add("prices");

        assertThat(CacheIsolationEngine.of(test).views()).containsOnlyKeys("own", "themes", "prices");
        assertThat(CacheIsolationEngine.of(test).views()).hasSize(3);
    }

    @Test
    void isNotEmptyWhereACacheIsCertainToAppear() {
        CacheRegistry coming = CacheRegistry.growing(caches -> {}, () -> true);
        assertThat(coming.ids()).isEmpty();
        assertThat(coming.isEmpty()).isFalse();
        assertThat(registry.extended(coming).isEmpty()).isFalse();
        assertThat(registry.extended(coming).extended().isEmpty()).isFalse();
        assertThat(CacheIsolationEngine.of(registry.extended(coming)).isEmpty()).isFalse();

        assertThat(CacheRegistry.growing(caches -> {}).isEmpty()).isTrue();
        assertThat(registry.extended().isEmpty()).isTrue();
        assertThat(registry.add("own", FakeCache::new).extended().isEmpty()).isFalse();
    }

    @Test
    void aTestThatHasCachesKeepsThem() {
        RunningTest test = RunningTest.undeclared("1", "test", this, Settings.current());
        CacheRegistry first = CacheRegistry.create();
        test.registryIfAbsent(() -> first);
        test.registryIfAbsent(CacheRegistry::create);
        assertThat(test.registry()).isSameAs(first);
    }

    @Test
    void refusesAnIdThatTwoRegistriesHave() {
        CacheRegistry application = CacheRegistry.create().addOf("application", "themes", FakeCache::new);
        registry.add("themes", FakeCache::new);

        assertThatIllegalStateException()
                .isThrownBy(() -> registry.extended(application))
                .withMessageContaining("\"themes\" is registered twice: at (CacheRegistryTests.java:")
                .withMessageContaining("and at application");
    }
}
