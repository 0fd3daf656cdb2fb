package dev.cacheproof.spring;

import dev.cacheproof.CacheView;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.hibernate.cache.spi.DomainDataRegion;
import org.hibernate.cache.spi.QueryResultsRegion;
import org.hibernate.cache.spi.Region;
import org.hibernate.cache.spi.RegionFactory;
import org.hibernate.cache.spi.access.CachedDomainDataAccess;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/**
 * The regions of one second-level cache: what is asked of them goes into the journal, on the thread of the session that asks.
 * Proxies, as Hibernate's own interfaces get new methods from version to version. Thread-safe.
 *
 * <p>A result of a query that Hibernate finds in the cache, and then drops because a table has changed since, is recorded as a
 * hit: the cache had it. The query that follows shows what became of it.
 */
final class WatchedRegions implements InvocationHandler {

    private static final Pattern PACKAGE = Pattern.compile("^(?:[a-z_]\\w*\\.)+(?=[A-Z])");
    private static final int MOST_KEYS = 10_000;

    private final RegionFactory factory;
    private final LongAdder reads = new LongAdder();

    private final List<Watched> all = new CopyOnWriteArrayList<>();

    private WatchedRegions(RegionFactory factory) {
        this.factory = factory;
    }

    static RegionFactory of(RegionFactory factory) {
        return proxy(factory, RegionFactory.class, new WatchedRegions(factory));
    }

    /** Finds the regions behind a region factory of Hibernate's, null where they are not watched. */
    static @Nullable WatchedRegions behind(RegionFactory factory) {
        return Proxy.isProxyClass(factory.getClass())
                        && Proxy.getInvocationHandler(factory) instanceof WatchedRegions watched
                ? watched
                : null;
    }

    CacheView view() {
        Set<String> stored = new TreeSet<>();
        all.forEach(watched -> stored.addAll(watched.stored));
        return CacheView.of(stored.size(), stored, reads.sum());
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object made = call(factory, method, arguments);
        if (made instanceof DomainDataRegion region) {
            return proxy(region, DomainDataRegion.class, (self, called, with) -> ofDomain(region, called, with));
        }
        return made instanceof QueryResultsRegion region
                ? proxy(region, QueryResultsRegion.class, watched(region, region))
                : made;
    }

    @SuppressWarnings("ReferenceEquality") // two regions that are equal are still two
    private @Nullable Object ofDomain(DomainDataRegion region, Method method, Object @Nullable [] arguments)
            throws Throwable {
        Object result = call(region, method, arguments);
        if (result instanceof CachedDomainDataAccess access) {
            return proxy(access, CachedDomainDataAccess.class, watched(access, region));
        }
        if (method.getName().equals("clear")) {
            all.stream().filter(watched -> watched.region == region).forEach(watched -> watched.stored.clear());
        }
        return result;
    }

    private Watched watched(Object target, Region region) {
        Watched watched = new Watched(target, region);
        all.add(watched);
        return watched;
    }

    /** A key begins with the full name of an entity or of its collection, such as {@code com.example.Order.items#7}. */
    static String withoutPackage(String key) {
        return PACKAGE.matcher(key).replaceFirst("");
    }

    private static <T> T proxy(T target, Class<T> type, InvocationHandler handler) {
        Class<?>[] interfaces = ClassUtils.getAllInterfacesForClass(target.getClass());
        return type.cast(Proxy.newProxyInstance(target.getClass().getClassLoader(), interfaces, handler));
    }

    private static @Nullable Object call(Object target, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    /** What sessions read of one region, and write to it. */
    private final class Watched implements InvocationHandler {
        private final Object target;
        private final Region region;
        private final Recorder recorder;

        /** What was stored and not removed, as far as is known: a provider does not say what it has evicted. */
        private final Set<String> stored = ConcurrentHashMap.newKeySet();

        Watched(Object target, Region region) {
            this.target = target;
            this.region = region;
            this.recorder = Recorder.of(Operation.Kind.CACHE, "Hibernate region " + region.getName());
        }

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
            return switch (method.getName()) {
                case "get" -> read(method, arguments, 1);
                case "getFromCache" -> read(method, arguments, 0);
                case "putFromLoad", "insert", "afterInsert", "update", "afterUpdate" -> write(method, arguments, 1);
                case "putIntoCache" -> write(method, arguments, 0);
                case "remove" -> remove(method, arguments);
                case "evict" -> {
                    stored.remove(key(arguments, 0));
                    yield call(target, method, arguments);
                }
                case "removeAll", "evictAll", "clear" -> {
                    stored.clear();
                    yield call(target, method, arguments);
                }
                default -> call(target, method, arguments);
            };
        }

        private @Nullable Object read(Method method, Object @Nullable [] arguments, int key) throws Throwable {
            reads.increment();
            Recording recording = recorder.begin(recorder.request("GET", key(arguments, key)));
            try {
                Object found = call(target, method, arguments);
                recording.end(Operation.Outcome.of(
                        found == null ? Operation.Outcome.Status.MISS : Operation.Outcome.Status.HIT));
                return found;
            } catch (Throwable failed) {
                recording.end(Operation.Outcome.failed(failed));
                throw failed;
            }
        }

        /** Whether it stores something, depends on the strategy: only the answer tells. */
        private @Nullable Object write(Method method, Object @Nullable [] arguments, int key) throws Throwable {
            Object stores = call(target, method, arguments);
            if (!Boolean.FALSE.equals(stores)) {
                String text = key(arguments, key);
                if (stored.size() < MOST_KEYS) {
                    stored.add(text);
                }
                recorder.begin(recorder.request("PUT", text)).end(Operation.Outcome.of(Operation.Outcome.Status.DONE));
            }
            return stores;
        }

        private @Nullable Object remove(Method method, Object @Nullable [] arguments) throws Throwable {
            String text = key(arguments, 1);
            stored.remove(text);
            recorder.begin(recorder.request("REMOVE", text)).end(Operation.Outcome.of(Operation.Outcome.Status.DONE));
            return call(target, method, arguments);
        }

        private static String key(Object @Nullable [] arguments, int index) {
            return arguments == null ? "" : withoutPackage(String.valueOf(arguments[index]));
        }
    }
}
