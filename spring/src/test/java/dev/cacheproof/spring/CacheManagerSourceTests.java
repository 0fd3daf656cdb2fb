package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.cacheproof.CacheHandle;
import dev.cacheproof.CacheView;
import dev.cacheproof.Deadline;
import dev.cacheproof.fake.redis.FakeRedis;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCache;
import org.springframework.cache.caffeine.CaffeineCacheManager;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.concurrent.ConcurrentMapCacheManager;
import org.springframework.cache.jcache.JCacheCache;
import org.springframework.cache.support.CompositeCacheManager;
import org.springframework.cache.support.NoOpCacheManager;
import org.springframework.cache.support.SimpleCacheManager;
import org.springframework.cache.transaction.TransactionAwareCacheManagerProxy;
import org.springframework.data.redis.cache.RedisCache;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.transaction.support.TransactionSynchronizationManager;

@SuppressWarnings({"NullAway", "ReferenceEquality"
}) // what is missing fails the test, and a proxy is equal to itself alone
class CacheManagerSourceTests {

    private final DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
    private final CacheManagerSource source =
            new CacheManagerSource(new CacheHandles(RedisContext.of(beans, Map.of(), true)));

    @BeforeEach
    void beginTransaction() {
        TransactionSynchronizationManager.initSynchronization();
    }

    @AfterEach
    void neverCommit() {
        TransactionSynchronizationManager.clearSynchronization();
    }

    private Set<String> ids() {
        return new TreeSet<>(source.caches(ExistingBeans.of(beans)).keySet());
    }

    private CacheHandle handle(String id) {
        return source.caches(ExistingBeans.of(beans)).get(id);
    }

    private static <M> M with(M manager, Consumer<M> change) {
        change.accept(manager);
        return manager;
    }

    private static SimpleCacheManager simple(Cache... caches) {
        SimpleCacheManager manager = new SimpleCacheManager();
        manager.setCaches(List.of(caches));
        manager.initializeCaches();
        return manager;
    }

    /** What a real manager has is what the application uses, though a mock has nothing behind it. */
    @ParameterizedTest
    @ValueSource(classes = {Cache.class, CaffeineCache.class, JCacheCache.class, RedisCache.class})
    void invalidatesMocksOfAManager(Class<? extends Cache> type) throws Exception {
        Cache cache = mock(type);
        when(cache.getName()).thenReturn("mocked");
        beans.registerSingleton("cacheManager", simple(cache));

        handle("mocked").reset();

        verify(cache).invalidate();
        assertThat(handle("mocked").view()).isEqualTo(new CacheView(0, List.of(), -1));
    }

    @Test
    void findsCachesThatAppearWhenTheyAreUsed() throws Exception {
        ConcurrentMapCacheManager manager = new ConcurrentMapCacheManager();
        beans.registerSingleton("cacheManager", manager);
        assertThat(ids()).isEmpty();
        assertThat(source.expectsMore(ExistingBeans.of(beans))).isTrue();

        manager.getCache("titles").put(1, "Emma");

        assertThat(ids()).containsExactly("titles");
        assertThat(handle("titles").kind()).isEqualTo("ConcurrentMapCache over map");
        assertThat(handle("titles").view()).isEqualTo(new CacheView(1, List.of("1"), -1));
        handle("titles").reset();
        assertThat(manager.getCache("titles").get(1)).isNull();
    }

    @Test
    void makesThePartOfEachThreadColdOfACacheThatHasOne() {
        ThreadLocal<String> perThread = ThreadLocal.withInitial(() -> "cold");
        Cache cache = mock(Cache.class);
        when(cache.getName()).thenReturn("request");
        when(cache.getNativeCache()).thenReturn(perThread);
        beans.registerSingleton("cacheManager", simple(cache, new ConcurrentMapCache("titles")));
        perThread.set("warm");

        handle("request").resetThread();

        assertThat(perThread.get()).isEqualTo("cold");
        assertThat(handle("request").isPerThread()).isTrue();
        assertThat(handle("titles").isPerThread()).isFalse();
    }

    /** Nothing is connected to: a server that nobody has named is never asked. */
    @Test
    void leavesCachesOfAServerWarmInARestart() {
        try (FakeRedis redis = FakeRedis.start()) {
            Cache overAFake = mock(Cache.class);
            when(overAFake.getName()).thenReturn("overAFake");
            when(overAFake.getNativeCache()).thenReturn(redis);
            RedisCacheManager foreign = RedisCacheManager.builder(new LettuceConnectionFactory("cache.example", 6379))
                    .initialCacheNames(Set.of("foreign"))
                    .build();
            foreign.initializeCaches();
            beans.registerSingleton(
                    "cacheManager", simple(overAFake, foreign.getCache("foreign"), new ConcurrentMapCache("titles")));

            assertThat(handle("overAFake").outlivesProcess()).isTrue();
            assertThat(handle("foreign").outlivesProcess()).isTrue();
            assertThat(handle("titles").outlivesProcess()).isFalse();
        }
    }

    @Test
    void makesACacheThatIsAskedForByName() {
        beans.registerSingleton("cacheManager", new ConcurrentMapCacheManager());
        source.open(ExistingBeans.of(beans), Set.of("titles"));
        assertThat(ids()).containsExactly("titles");
    }

    @Test
    void asksTheManagerThatAnIdNames() {
        register("near", new ConcurrentMapCacheManager(), definition -> definition.setPrimary(true));
        register("far", new ConcurrentMapCacheManager(), definition -> {});

        source.open(ExistingBeans.of(beans), Set.of("far.books", "titles"));
        assertThat(ids()).containsExactlyInAnyOrder("titles", "far.books", "far.titles");
    }

    @Test
    void expectsNothingWithoutAManager() {
        assertThat(source.expectsMore(ExistingBeans.of(beans))).isFalse();
    }

    @Test
    void looksIntoCaffeine() throws Exception {
        CaffeineCacheManager manager = new CaffeineCacheManager("titles");
        manager.setCaffeine(Caffeine.newBuilder().recordStats());
        beans.registerSingleton("cacheManager", manager);
        manager.getCache("titles").put("a", 1);
        manager.getCache("titles").get("a");

        CacheHandle titles = handle("titles");
        assertThat(titles.kind()).isEqualTo("CaffeineCache over Caffeine cache");
        assertThat(titles.view()).isEqualTo(new CacheView(1, List.of("a"), 1));
        assertThat(titles.writesAfterReset()).isTrue();
        assertThat(titles.isLoading(frame("com.github.benmanes.caffeine.cache.X", "computeIfAbsent")))
                .isTrue();
        titles.reset();
        assertThat(titles.view().entries()).isZero();
    }

    private static StackTraceElement frame(String className, String method) {
        return new StackTraceElement(className, method, null, 1);
    }

    /** What it annotates is loaded by the method, and then put, by Spring. */
    @Test
    void knowsAMethodThatIsGoingToPutItsResult() {
        beans.registerSingleton("cacheManager", new ConcurrentMapCacheManager("titles"));
        CacheHandle titles = handle("titles");
        assertThat(titles.writesAfterReset()).isTrue();
        assertThat(titles.isLoading(frame("org.springframework.cache.interceptor.CacheInterceptor", "invoke")))
                .isTrue();
        assertThat(titles.isLoading(frame("java.util.concurrent.ThreadPoolExecutor", "runWorker")))
                .isFalse();
    }

    @Test
    void looksIntoAsynchronousCaffeine() throws Exception {
        CaffeineCacheManager manager = new CaffeineCacheManager();
        manager.setAsyncCacheMode(true);
        beans.registerSingleton("cacheManager", manager);
        manager.getCache("titles").put("a", 1);

        assertThat(handle("titles").kind()).isEqualTo("CaffeineCache over asynchronous Caffeine cache");
        assertThat(handle("titles").view().entries()).isEqualTo(1);
        handle("titles").reset();
        assertThat(manager.getCache("titles").get("a")).isNull();
    }

    @Test
    void resetsTheCacheThatReplacedAnother() throws Exception {
        CaffeineCacheManager manager = new CaffeineCacheManager("titles");
        beans.registerSingleton("cacheManager", manager);
        CacheHandle titles = handle("titles");
        titles.view();

        manager.setCaffeine(Caffeine.newBuilder().maximumSize(10));
        manager.getCache("titles").put("a", 1);

        assertThat(ids()).containsExactly("titles");
        assertThat(titles.view().entries()).isEqualTo(1);
        titles.reset();
        assertThat(manager.getCache("titles").get("a")).isNull();
    }

    /** Deferred to a commit that a test never makes, a reset would do nothing. */
    @Test
    void resetsAtOnceWhatIsDeferredToTheEndOfATransaction() throws Exception {
        ConcurrentMapCacheManager manager = new ConcurrentMapCacheManager("titles");
        TransactionAwareCacheManagerProxy proxy = new TransactionAwareCacheManagerProxy(manager);
        beans.registerSingleton("cacheManager", proxy);
        manager.getCache("titles").put(1, "Emma");
        proxy.getCache("titles").clear();
        assertThat(manager.getCache("titles").get(1)).isNotNull();

        assertThat(handle("titles").kind()).isEqualTo("ConcurrentMapCache over map");
        handle("titles").reset();

        assertThat(manager.getCache("titles").get(1)).isNull();
    }

    @Test
    void findsACacheOfSeveralManagersOnce() {
        ConcurrentMapCacheManager part = new ConcurrentMapCacheManager("titles");
        register("part", part, definition -> {});
        register("proxy", new TransactionAwareCacheManagerProxy(part), definition -> {});
        register("whole", new CompositeCacheManager(part), definition -> definition.setPrimary(true));

        assertThat(ids()).containsExactly("titles");
    }

    @Test
    void namesCachesAfterTheirManagersWhereNoneOfTheseIsTheOneThatSpringInjects() {
        beans.registerSingleton("near", new ConcurrentMapCacheManager("titles", "prices"));
        beans.registerSingleton("far", new ConcurrentMapCacheManager("titles"));
        assertThat(ids()).containsExactly("far.titles", "near.prices", "near.titles");
    }

    @Test
    void namesCachesAloneOfTheManagerThatSpringInjects() {
        register("far", new ConcurrentMapCacheManager("titles"), definition -> {});
        register("near", new ConcurrentMapCacheManager("titles", "prices"), definition -> definition.setPrimary(true));
        assertThat(ids()).containsExactly("far.titles", "prices", "titles");
    }

    @Test
    void namesCachesAloneOfTheOnlyManagerThatSpringMayInject() {
        ConcurrentMapCacheManager hidden = new ConcurrentMapCacheManager("titles", "prices");
        register("hidden", hidden, definition -> definition.setAutowireCandidate(false));
        register("proxy", new TransactionAwareCacheManagerProxy(hidden), definition -> {});
        assertThat(ids()).containsExactly("prices", "titles");
    }

    private void register(String name, CacheManager manager, Consumer<RootBeanDefinition> change) {
        RootBeanDefinition definition = new RootBeanDefinition(CacheManager.class, () -> manager);
        change.accept(definition);
        beans.registerBeanDefinition(name, definition);
        beans.getBean(name);
    }

    /** Tests may run in any order, and find the same ids. */
    @Test
    void idsDoNotDependOnWhichCacheIsUsedFirst() {
        ConcurrentMapCacheManager near = new ConcurrentMapCacheManager();
        ConcurrentMapCacheManager far = new ConcurrentMapCacheManager();
        register("near", near, definition -> definition.setPrimary(true));
        register("far", far, definition -> {});

        far.getCache("titles");
        assertThat(ids()).containsExactly("far.titles");
        near.getCache("titles");
        assertThat(ids()).containsExactly("far.titles", "titles");
    }

    @Test
    void keepsNoCacheThatWasReplaced() throws InterruptedException {
        CaffeineCacheManager manager = new CaffeineCacheManager("titles");
        beans.registerSingleton("cacheManager", manager);
        assertThat(ids()).containsExactly("titles");
        WeakReference<Cache> replaced = new WeakReference<>(manager.getCache("titles"));

        manager.setCaffeine(Caffeine.newBuilder().maximumSize(10));

        assertThat(ids()).containsExactly("titles");
        Deadline.after(Duration.ofSeconds(60))
                .await(
                        () -> {
                            System.gc();
                            return replaced.refersTo(null);
                        },
                        () -> "it is kept");
    }

    @Test
    void findsWhatASimpleManagerWasGiven() {
        beans.registerSingleton("cacheManager", simple(new ConcurrentMapCache("titles")));
        assertThat(ids()).containsExactly("titles");
    }

    @Test
    void knowsACacheThatStoresNothing() throws Exception {
        NoOpCacheManager manager = new NoOpCacheManager();
        beans.registerSingleton("cacheManager", manager);
        manager.getCache("titles");
        assertThat(handle("titles").storesNothing()).isTrue();
        assertThat(handle("titles").kind()).isEqualTo("NoOpCache");
        handle("titles").reset();
    }

    /** What removeAll of such a cache deletes may be the database. */
    @Test
    void clearsAJCacheAndNeverRemovesItsEntries() throws Exception {
        Map<Object, Object> entries = new HashMap<>(Map.of("a", 1));
        javax.cache.Cache<Object, Object> jcache = jcache(entries);
        beans.registerSingleton("cacheManager", simple(new JCacheCache(jcache)));

        assertThat(handle("titles").kind()).isEqualTo("JCache");
        assertThat(handle("titles").view()).isEqualTo(new CacheView(1, List.of("a"), -1));
        handle("titles").reset();
        assertThat(entries).isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static javax.cache.Cache<Object, Object> jcache(Map<Object, Object> entries) {
        return (javax.cache.Cache<Object, Object>) Proxy.newProxyInstance(
                CacheManagerSourceTests.class.getClassLoader(),
                new Class<?>[] {javax.cache.Cache.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getName" -> "titles";
                    case "hashCode" -> System.identityHashCode(proxy);
                    case "equals" -> proxy == arguments[0];
                    case "clear" -> {
                        entries.clear();
                        yield null;
                    }
                    case "forEach" -> {
                        entries.keySet().forEach(key -> ((Consumer<Object>) arguments[0]).accept(entry(key)));
                        yield null;
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static Object entry(Object key) {
        return Proxy.newProxyInstance(
                CacheManagerSourceTests.class.getClassLoader(),
                new Class<?>[] {javax.cache.Cache.Entry.class},
                (proxy, method, arguments) -> key);
    }

    @Test
    void findsBeansThatAreCaches() {
        com.github.benmanes.caffeine.cache.Cache<Object, Object> caffeine =
                Caffeine.newBuilder().build();
        AsyncCache<Object, Object> async = Caffeine.newBuilder().buildAsync();
        beans.registerSingleton("prices", caffeine);
        beans.registerSingleton("rates", async);
        beans.registerSingleton("titles", new ConcurrentMapCache("named otherwise"));
        beans.registerSingleton("offers", jcache(new HashMap<>()));
        beans.registerSingleton("settings", new HashMap<>(Map.of("no", "cache")));

        assertThat(ids()).containsExactly("offers", "prices", "rates", "titles");
    }

    @Test
    void findsABeanOnceThatAManagerWraps() {
        com.github.benmanes.caffeine.cache.Cache<Object, Object> sync =
                Caffeine.newBuilder().build();
        Cache spring = new ConcurrentMapCache("titles");
        beans.registerSingleton("sync", sync);
        beans.registerSingleton("spring", spring);
        beans.registerSingleton(
                "caffeineManager", with(new CaffeineCacheManager(), m -> m.registerCustomCache("prices", sync)));
        beans.registerSingleton("simpleManager", simple(spring));

        assertThat(ids()).containsExactly("caffeineManager.prices", "simpleManager.titles");
    }

    /** Others are made cold all the same; and it is asked again, since it may come to know its caches. */
    @Test
    void refusesToMakeColdWhatCannotBeListed() throws Exception {
        BrokenCacheManager manager = new BrokenCacheManager();
        register("broken", manager, definition -> {});
        register("near", new ConcurrentMapCacheManager("titles"), definition -> definition.setPrimary(true));
        assertThat(ids()).containsExactly("caches of broken", "titles");
        CacheHandle unlisted = handle("caches of broken");
        assertThat(unlisted.view()).isEqualTo(new CacheView(0, List.of(), -1));

        assertThatThrownBy(unlisted::reset).hasMessage("""
                the cache manager "broken" cannot list its caches: java.lang.UnsupportedOperationException: not here

                  What to do: mend it, or leave its caches out: @CacheIsolation(only = ...)""");
        manager.mend();
        unlisted.reset();
        assertThat(ids()).containsExactly("broken.titles", "caches of broken", "titles");
    }

    @Test
    void asksNoMockForItsCaches() {
        CacheManager manager = mock();
        Cache cache = mock();
        beans.registerSingleton("cacheManager", manager);
        beans.registerSingleton("cache", cache);

        assertThat(ids()).isEmpty();
        source.open(ExistingBeans.of(beans), Set.of("titles"));
        assertThat(source.expectsMore(ExistingBeans.of(beans))).isFalse();
        verifyNoInteractions(manager, cache);
    }

    @Test
    void findsWhatASpyIsMadeOf() {
        beans.registerSingleton("cacheManager", spy(new ConcurrentMapCacheManager("titles")));

        assertThat(ids()).containsExactly("titles");
    }

    /** The name of one may be what another is called after its manager. */
    @Test
    void keepsEachOfTwoCachesThatWouldHaveOneId() {
        register("far", new ConcurrentMapCacheManager("titles"), definition -> {});
        register("near", new ConcurrentMapCacheManager("far.titles"), definition -> definition.setPrimary(true));
        beans.registerSingleton("far.titles of far", new ConcurrentMapCache("own"));
        beans.registerSingleton("bean far.titles of far", new ConcurrentMapCache("other"));

        assertThat(ids()).hasSize(4).contains("far.titles", "far.titles of far", "bean far.titles of far");
    }

    @Test
    void usesAnUnknownCacheAsSpringDoes() throws Exception {
        boolean[] invalidated = {false};
        Cache own = new ConcurrentMapCache("titles") {
            @Override
            public boolean invalidate() {
                invalidated[0] = true;
                return super.invalidate();
            }
        };
        beans.registerSingleton("cacheManager", simple(own));
        handle("titles").reset();
        assertThat(invalidated[0]).isTrue();
    }
}
