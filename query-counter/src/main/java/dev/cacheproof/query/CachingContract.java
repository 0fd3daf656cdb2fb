package dev.cacheproof.query;

import dev.cacheproof.Operation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What a block may cost when every cache is cold, and what it may cost right afterwards. Immutable and thread-safe.
 *
 * <pre>{@code
 * assertCaching(cold(5).warm(1), () -> outlines.fetch(COURSE));
 * assertCaching(loads("theme files").cold(1).warm(0), () -> themes.of(SITE));
 * }</pre>
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class CachingContract {

    private final Unit unit;
    private final int cold;
    private final int warm;
    private final List<FurtherRun> further;

    private CachingContract(Unit unit, int cold, int warm, List<FurtherRun> further) {
        this.unit = unit;
        this.cold = cold;
        this.warm = warm;
        this.further = List.copyOf(further);
    }

    /**
     * Begins a contract about counted loads instead of queries; see {@link dev.cacheproof.Loads}.
     *
     * @return the unit of a contract
     */
    public static Unit loads() {
        return new Unit(Operation.Kind.LOAD, null, false);
    }

    /**
     * Begins a contract about the counted loads of one name.
     *
     * @param name the name that is given to {@link dev.cacheproof.Loads#counted}
     * @return the unit of a contract
     */
    public static Unit loads(String name) {
        Objects.requireNonNull(name, "name must not be null");
        return new Unit(Operation.Kind.LOAD, name, false);
    }

    /**
     * Begins a contract about round trips to cache servers instead of queries: what a client sends before it reads the
     * answers is one. What is counted, and whose it is, is said at {@link QueryAssertions#assertCacheRoundTrips(int,
     * java.util.concurrent.Callable)}.
     *
     * @return the unit of a contract
     */
    public static Unit cacheRoundTrips() {
        return new Unit(Operation.Kind.COMMAND, null, true);
    }

    /**
     * Expects a further run, as in the next request: the caches that each thread has for itself are made cold before, and no
     * others. Fails where none such is registered.
     *
     * @param count the exact number; not negative
     * @return the longer contract
     */
    public CachingContract afterNewRequest(int count) {
        return with(FurtherRun.inNewRequest(QueryCheck.notNegative("count", count)));
    }

    /**
     * Expects a further run, as after a restart of the application: all caches are made cold before but those whose entries
     * {@linkplain dev.cacheproof.CacheHandle#outlivesProcess() outlive} it. Fails where none such is registered.
     *
     * @param count the exact number; not negative
     * @return the longer contract
     */
    public CachingContract afterRestart(int count) {
        return with(FurtherRun.afterRestart(QueryCheck.notNegative("count", count)));
    }

    /**
     * Expects a further run after something has changed, whose answer is fresh: it must be another one than before, and the
     * same as with cold caches, with which the block is then run once more.
     *
     * <pre>{@code
     * assertCaching(cold(5).warm(1).after(() -> outlines.publish(COURSE), 5), () -> outlines.fetch(COURSE));
     * }</pre>
     *
     * @param change changes what the answer is made of; what it asks for is not counted, and what it throws is thrown on
     * @param count the exact number of the run after it; not negative
     * @return the longer contract
     */
    public CachingContract after(Block change, int count) {
        Objects.requireNonNull(change, "change must not be null");
        return with(FurtherRun.after(change, QueryCheck.notNegative("count", count)));
    }

    /**
     * Says what the answer after the {@linkplain #after change} is, which may be the same as before then.
     *
     * @param fresh the answer
     * @return the longer contract
     * @throws IllegalStateException if what was last expected is no run after a change
     */
    public CachingContract expecting(@Nullable Object fresh) {
        if (further.isEmpty() || further.get(further.size() - 1).change() == null) {
            throw new IllegalStateException(
                    "expecting(...) says what the answer after a change is, so it follows after(...)");
        }
        List<FurtherRun> more = new ArrayList<>(further.subList(0, further.size() - 1));
        more.add(further.get(further.size() - 1).expecting(fresh));
        return new CachingContract(unit, cold, warm, more);
    }

    private CachingContract with(FurtherRun run) {
        List<FurtherRun> more = new ArrayList<>(further);
        more.add(run);
        return new CachingContract(unit, cold, warm, more);
    }

    List<FurtherRun> further() {
        return further;
    }

    Unit unit() {
        return unit;
    }

    int expectedCold() {
        return cold;
    }

    int expectedWarm() {
        return warm;
    }

    /**
     * What a contract counts.
     *
     * @since 0.1
     */
    public static final class Unit {
        private final Operation.Kind kind;
        private final @Nullable String source;
        private final boolean needsServers;

        private Unit(Operation.Kind kind, @Nullable String source, boolean needsServers) {
            this.kind = kind;
            this.source = source;
            this.needsServers = needsServers;
        }

        static Unit queries() {
            return new Unit(Operation.Kind.QUERY, null, false);
        }

        /** Queries, beside which every command of a cache server matters. */
        static Unit remoteAccess() {
            return new Unit(Operation.Kind.QUERY, null, true);
        }

        /**
         * Sets what the block costs when every registered cache is cold.
         *
         * @param count the exact number; not negative
         * @return a contract that still lacks its warm count
         */
        public Cold cold(int count) {
            return new Cold(this, QueryCheck.notNegative("cold", count));
        }

        Operation.Kind kind() {
            return kind;
        }

        /** Says whether the verdict depends on what cache servers were sent. */
        boolean needsServers() {
            return needsServers;
        }

        boolean covers(String name) {
            return source == null || source.equals(name);
        }

        String count(long number) {
            return number + " " + (number == 1 ? singular() : plural());
        }

        private String singular() {
            return switch (kind) {
                case QUERY -> "query";
                case COMMAND -> "cache round trip";
                default -> source == null ? "load" : "load of \"" + source + "\"";
            };
        }

        String plural() {
            return switch (kind) {
                case QUERY -> "queries";
                case COMMAND -> "cache round trips";
                default -> source == null ? "loads" : "loads of \"" + source + "\"";
            };
        }

        String exampleName() {
            return source == null ? "theme files" : source;
        }
    }

    /**
     * A contract that lacks its warm count.
     *
     * @since 0.1
     */
    public static final class Cold {
        private final Unit unit;
        private final int count;

        private Cold(Unit unit, int count) {
            this.unit = unit;
            this.count = count;
        }

        /**
         * Sets what the block costs the second time, when the caches hold what the first run left.
         *
         * @param count the exact number; not negative
         * @return the contract
         */
        public CachingContract warm(int count) {
            return new CachingContract(unit, this.count, QueryCheck.notNegative("warm", count), List.of());
        }
    }
}
