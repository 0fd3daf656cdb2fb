package dev.cacheproof.samples.tiered;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets one caller load the value of a key while the others wait for it. Thread-safe, for the threads of this process.
 *
 * @param <V> the type of the values
 */
final class SingleFlight<V> {

    private final Map<String, Flight<V>> flights = new ConcurrentHashMap<>();

    /** One load, from its start until its value is cached. */
    static final class Flight<V> {
        private final CompletableFuture<@Nullable V> result = new CompletableFuture<>();
        private final Thread loader = Thread.currentThread();
        private volatile boolean current = true;

        /** Says whether what is loaded may be cached: nobody has written or deleted the key since the load began. */
        boolean isCurrent() {
            return current;
        }

        /** Caches what was loaded, unless somebody has written or deleted the key since the load began. */
        void cache(Runnable set, Runnable delete) {
            if (current) {
                set.run();
                // Superseded between the look and the set: which came last is not known, and a miss is never wrong.
                if (!current) {
                    delete.run();
                }
            }
        }

        @Nullable
        V value() {
            return result.join();
        }
    }

    /**
     * Takes part in the load of a key, or starts one.
     *
     * @param afresh true to start one in any case, which supersedes the one that is under way
     * @param load loads and caches the value
     * @return the load, which has ended well
     */
    Flight<V> join(String key, boolean afresh, Function<Flight<V>, @Nullable V> load) {
        Flight<V> mine = new Flight<>();
        Flight<V> other = afresh ? null : flights.putIfAbsent(key, mine);
        if (other != null) {
            return await(key, other);
        }
        if (afresh) {
            supersede(flights.put(key, mine));
        }
        try {
            mine.result.complete(load.apply(mine));
            return mine;
        } catch (Throwable thrown) {
            mine.result.completeExceptionally(thrown);
            throw thrown;
        } finally {
            flights.remove(key, mine);
        }
    }

    private Flight<V> await(String key, Flight<V> flight) {
        if (flight.loader == Thread.currentThread()) {
            throw new IllegalStateException("The load of key \"" + key + "\" asks for that key itself");
        }
        try {
            flight.result.get();
            return flight;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CompletionException("Interrupted while waiting for the load of key \"" + key + "\"", interrupted);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            throw cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
        }
    }

    /** Says whether a key is being loaded now, and by somebody whom others may wait for. */
    boolean isUnderWay(String key) {
        return flights.containsKey(key);
    }

    /** Keeps the load of a key that is under way, if any, from caching what may be the old value. */
    void supersede(String key) {
        supersede(flights.remove(key));
    }

    void supersedeAll() {
        flights.keySet().forEach(this::supersede);
    }

    private static void supersede(@Nullable Flight<?> flight) {
        if (flight != null) {
            flight.current = false;
        }
    }
}
