package dev.cacheproof.query;

import dev.cacheproof.CacheIsolationEngine;
import dev.cacheproof.CacheView;
import dev.cacheproof.Journal;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * The assertions of {@link QueryAssertions}, with settings. Immutable and thread-safe; each setting returns a new check.
 *
 * <pre>{@code
 * ignoring(threads("scheduling-*")).because("one query per page").assertNumQueries(1, () -> pages.first());
 * }</pre>
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class QueryCheck {

    private final @Nullable Set<String> sources;
    private final Predicate<String> ignoredThreads;
    private final @Nullable String reason;
    private final int details;
    private final boolean escapesAllowed;
    private final @Nullable String description;
    private final Repeats repeats;
    private final @Nullable Duration patience;

    QueryCheck() {
        this(null, none -> false, null, 10_000, false, null, Repeats.NONE, null);
    }

    private QueryCheck(
            @Nullable Set<String> sources,
            Predicate<String> ignoredThreads,
            @Nullable String reason,
            int details,
            boolean escapesAllowed,
            @Nullable String description,
            Repeats repeats,
            @Nullable Duration patience) {
        this.sources = sources;
        this.ignoredThreads = ignoredThreads;
        this.reason = reason;
        this.details = details;
        this.escapesAllowed = escapesAllowed;
        this.description = description;
        this.repeats = repeats;
        this.patience = patience;
    }

    /**
     * Counts only what goes through some data sources.
     *
     * @param dataSources what {@link QueryCounter#watch(DataSource)} returned, or what unwraps to it; at least one
     * @return the check
     * @throws IllegalArgumentException if one is not watched
     */
    public QueryCheck on(DataSource... dataSources) {
        Objects.requireNonNull(dataSources, "dataSources must not be null");
        if (dataSources.length == 0) {
            throw new IllegalArgumentException("dataSources must name at least one data source, but is empty");
        }
        Set<String> names = new LinkedHashSet<>();
        for (DataSource dataSource : dataSources) {
            if (Settings.current().mode() == Settings.Mode.OFF) {
                return this;
            }
            String name = nameOf(dataSource);
            names.add(name);
        }
        return new QueryCheck(names, ignoredThreads, reason, details, escapesAllowed, description, repeats, patience);
    }

    static String nameOf(DataSource dataSource) {
        String name = Watching.nameOf(dataSource);
        if (name == null) {
            throw new IllegalArgumentException("dataSource " + dataSource
                    + " is not watched. Give the assertion, and the code under test, what"
                    + " QueryCounter.watch(dataSource) returned. Watched so far: "
                    + Recorder.watched(Operation.Kind.QUERY));
        }
        return name;
    }

    /**
     * Declares background work: queries of some threads, where they belong to no scope, are known not to be the block's.
     *
     * @param threads tells a thread by its name; see {@link QueryAssertions#threads(String)}
     * @return the check
     */
    public QueryCheck ignoring(Predicate<String> threads) {
        Objects.requireNonNull(threads, "threads must not be null");
        return new QueryCheck(
                sources, ignoredThreads.or(threads), reason, details, escapesAllowed, description, repeats, patience);
    }

    /**
     * Gives the reason for the number, to be shown when it is not met.
     *
     * @param reason the reason
     * @return the check
     */
    public QueryCheck because(String reason) {
        Objects.requireNonNull(reason, "reason must not be null");
        return new QueryCheck(sources, ignoredThreads, reason, details, escapesAllowed, description, repeats, patience);
    }

    /**
     * Sets how many queries are kept with their details for the failure text. Counts are exact in any case.
     *
     * @param details at least 10; 10,000 unless set
     * @return the check
     */
    public QueryCheck details(int details) {
        Scope.named("validation").details(details);
        return new QueryCheck(sources, ignoredThreads, reason, details, escapesAllowed, description, repeats, patience);
    }

    /**
     * Allows the block to take the driver's own connection or statement with {@code unwrap}. What it does with that is not
     * counted.
     *
     * @return the check
     */
    public QueryCheck allowingEscapes() {
        return new QueryCheck(sources, ignoredThreads, reason, details, true, description, repeats, patience);
    }

    /**
     * Waits for what the block has handed to other threads, before it is judged: tasks of wrapped pools and, with Spring, of the
     * application's own, and those that they hand on. Without it, one that goes on when the block returns fails the assertion.
     *
     * <p>It cannot wait for what nobody sees, such as a pool that is not wrapped, nor for a task that is to start later.
     *
     * @param limit how long to wait at most; positive, on the real clock. What goes on after that fails the assertion
     * @return the check
     * @throws IllegalArgumentException if the limit is not positive
     */
    public QueryCheck awaitingTasks(Duration limit) {
        Objects.requireNonNull(limit, "limit must not be null");
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("limit must be positive, but is " + limit);
        }
        return new QueryCheck(sources, ignoredThreads, reason, details, escapesAllowed, description, repeats, limit);
    }

    /**
     * Names the block in failure text, in place of the line that it is on.
     *
     * @param block such as {@code the test OrderTests > listsAll()}
     * @return the check
     */
    public QueryCheck describedAs(String block) {
        Objects.requireNonNull(block, "block must not be null");
        return new QueryCheck(sources, ignoredThreads, reason, details, escapesAllowed, block, repeats, patience);
    }

    /**
     * Allows each line of the application to ask several times for the same with other values; see {@link #assertNoNPlusOne}.
     *
     * @param atMost how many times; at least 1, which is what counts unless set
     * @return the check
     */
    public QueryCheck allowingRepeats(int atMost) {
        return with(repeats.atMost(atMost));
    }

    /**
     * Allows some statements or commands to be asked for any number of times, with other values; see {@link #assertNoNPlusOne}.
     *
     * @param pattern the statement with question marks for its values, or the command with the template of its key, as failures
     *     show them; or the call site, such as {@code *AuditLog.write(*}. {@code *} stands for any text
     * @return the check
     */
    public QueryCheck allowingRepeatsOf(String pattern) {
        return with(repeats.or(pattern));
    }

    private QueryCheck with(Repeats allowed) {
        return new QueryCheck(sources, ignoredThreads, reason, details, escapesAllowed, description, allowed, patience);
    }

    /**
     * Asserts how many queries a block makes.
     *
     * @param expected the exact number of round trips; not negative
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the number is another, or cannot be known
     */
    public <T extends @Nullable Object> T assertNumQueries(int expected, Callable<T> block) {
        return assertCount("cacheproof.queries", CachingContract.Unit.queries(), Expected.exactly(expected), block);
    }

    /**
     * Asserts that a block makes neither too few queries nor too many.
     *
     * @param atLeast the lowest number of round trips; not negative
     * @param atMost the highest; not below {@code atLeast}, and {@link Integer#MAX_VALUE} for any
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the number is outside, or cannot be known
     */
    public <T extends @Nullable Object> T assertNumQueriesBetween(int atLeast, int atMost, Callable<T> block) {
        return assertCount("cacheproof.queries", CachingContract.Unit.queries(), new Expected(atLeast, atMost), block);
    }

    private <T extends @Nullable Object> T assertCount(
            String finding, CachingContract.Unit unit, Expected expected, Callable<T> block) {
        Circumstances around = new Circumstances();
        return measure(unit, block, around, run -> {
            CountVerdict verdict = new CountVerdict(run, around, expected, reason);
            Optional<AssertionFailedError> failure = verdict.failure();
            Verdicts.enforce(failure);
            if (failure.isPresent() && verdict.mayPassWithColdCaches()) {
                String text = String.valueOf(failure.get().getMessage());
                Scope.current().ifPresent(scope -> scope.root().report("cacheproof.mayPass", text));
            }
            Scope.current().ifPresent(scope -> scope.root().report(finding, String.valueOf(run.own())));
        });
    }

    private <T extends @Nullable Object> T measure(
            CachingContract.Unit unit, Callable<T> block, Circumstances around, Consumer<Measurement<T>> check) {
        Objects.requireNonNull(block, "block must not be null");
        if (Settings.current().mode() == Settings.Mode.OFF) {
            return Measurement.call(block);
        }
        Measurement<T> run = around.only(() -> Measurement.of(this, unit, block));
        check.accept(run);
        return run.answer();
    }

    /**
     * Asserts how many queries a block makes.
     *
     * @param expected the exact number of round trips; not negative
     * @param block the code under test
     * @throws AssertionError if the number is another, or cannot be known
     */
    public void assertNumQueries(int expected, Block block) {
        assertNumQueries(expected, withoutAnswer(block));
    }

    static Callable<@Nullable Object> withoutAnswer(Block block) {
        Objects.requireNonNull(block, "block must not be null");
        return () -> {
            block.run();
            return null;
        };
    }

    /**
     * Asserts how many queries of which sort a block makes; see {@link QueryAssertions#assertQueries(QueryExpectation,
     * Callable)}.
     *
     * @param expectation what is expected
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if an expectation is not met, or it cannot be known
     */
    public <T extends @Nullable Object> T assertQueries(QueryExpectation expectation, Callable<T> block) {
        Objects.requireNonNull(expectation, "expectation must not be null");
        Circumstances around = new Circumstances();
        return measure(CachingContract.Unit.queries(), block, around, run -> {
            Verdicts.enforce(new ExpectationVerdict(run, around, expectation, reason).failure());
            Scope.current().ifPresent(scope -> scope.root().report("cacheproof.queries", String.valueOf(run.own())));
        });
    }

    /**
     * Asserts how many queries of which sort a block makes; see {@link QueryAssertions#assertQueries(QueryExpectation,
     * Callable)}.
     *
     * @param expectation what is expected
     * @param block the code under test
     * @throws AssertionError if an expectation is not met, or it cannot be known
     */
    public void assertQueries(QueryExpectation expectation, Block block) {
        assertQueries(expectation, withoutAnswer(block));
    }

    /**
     * Asserts how many round trips to cache servers a block makes; see {@link QueryAssertions#assertCacheRoundTrips}.
     *
     * @param expected the exact number; not negative
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the number is another, or cannot be known
     */
    public <T extends @Nullable Object> T assertCacheRoundTrips(int expected, Callable<T> block) {
        return assertCount(
                "cacheproof.roundTrips", CachingContract.cacheRoundTrips(), Expected.exactly(expected), block);
    }

    /**
     * Asserts how many round trips to cache servers a block makes; see {@link QueryAssertions#assertCacheRoundTrips}.
     *
     * @param expected the exact number; not negative
     * @param block the code under test
     * @throws AssertionError if the number is another, or cannot be known
     */
    public void assertCacheRoundTrips(int expected, Block block) {
        assertCacheRoundTrips(expected, withoutAnswer(block));
    }

    /**
     * Asserts how many counted loads a block makes; see {@link QueryAssertions#assertNumLoads(int, Callable)}.
     *
     * @param expected the exact number; not negative
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the number is another, or cannot be known
     */
    public <T extends @Nullable Object> T assertNumLoads(int expected, Callable<T> block) {
        return assertCount("cacheproof.loads", CachingContract.loads(), Expected.exactly(expected), block);
    }

    /**
     * Asserts how many counted loads a block makes; see {@link QueryAssertions#assertNumLoads(int, Callable)}.
     *
     * @param expected the exact number; not negative
     * @param block the code under test
     * @throws AssertionError if the number is another, or cannot be known
     */
    public void assertNumLoads(int expected, Block block) {
        assertNumLoads(expected, withoutAnswer(block));
    }

    /**
     * Asserts how many counted loads of one name a block makes; see {@link QueryAssertions#assertNumLoads(int, Callable)}.
     *
     * @param name the name that is given to {@link dev.cacheproof.Loads#counted}
     * @param expected the exact number; not negative
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the number is another, or cannot be known
     */
    public <T extends @Nullable Object> T assertNumLoads(String name, int expected, Callable<T> block) {
        return assertCount("cacheproof.loads", CachingContract.loads(name), Expected.exactly(expected), block);
    }

    /**
     * Asserts how many counted loads of one name a block makes; see {@link QueryAssertions#assertNumLoads(int, Callable)}.
     *
     * @param name the name that is given to {@link dev.cacheproof.Loads#counted}
     * @param expected the exact number; not negative
     * @param block the code under test
     * @throws AssertionError if the number is another, or cannot be known
     */
    public void assertNumLoads(String name, int expected, Block block) {
        assertNumLoads(name, expected, withoutAnswer(block));
    }

    /**
     * Asserts that a block asks no database and no cache server; see {@link QueryAssertions#assertNoRemoteAccess}.
     *
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the block did, or it cannot be known
     */
    public <T extends @Nullable Object> T assertNoRemoteAccess(Callable<T> block) {
        return measure(
                CachingContract.Unit.remoteAccess(),
                block,
                new Circumstances(),
                run -> Verdicts.enforce(new NoRemoteAccessVerdict(run, reason).failure()));
    }

    /**
     * Asserts that a block asks no database and no cache server; see {@link QueryAssertions#assertNoRemoteAccess}.
     *
     * @param block the code under test
     * @throws AssertionError if the block did, or it cannot be known
     */
    public void assertNoRemoteAccess(Block block) {
        assertNoRemoteAccess(withoutAnswer(block));
    }

    /**
     * Asserts that a block does not ask for its data one by one; see {@link QueryAssertions#assertNoNPlusOne(Callable)}.
     *
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the block does, or it cannot be known
     */
    public <T extends @Nullable Object> T assertNoNPlusOne(Callable<T> block) {
        return measure(
                CachingContract.Unit.remoteAccess(),
                block,
                new Circumstances(),
                run -> Verdicts.enforce(new NPlusOneVerdict(run, repeats, reason).failure()));
    }

    /**
     * Asserts that a block does not ask for its data one by one; see {@link QueryAssertions#assertNoNPlusOne(Callable)}.
     *
     * @param block the code under test
     * @throws AssertionError if the block does, or it cannot be known
     */
    public void assertNoNPlusOne(Block block) {
        assertNoNPlusOne(withoutAnswer(block));
    }

    /**
     * Asserts that a block asks no more often for more data; see {@link QueryAssertions#assertNoNPlusOne(Scale, ScaledBlock)}.
     *
     * @param scale the two amounts of data
     * @param block the code under test
     * @throws AssertionError if the block does, or it cannot be known
     */
    public void assertNoNPlusOne(Scale scale, ScaledBlock block) {
        Objects.requireNonNull(scale, "scale must not be null");
        Objects.requireNonNull(block, "block must not be null");
        new SlopeCheck(this, scale, block).run();
    }

    /**
     * Asserts that a block reads nothing twice; see {@link QueryAssertions#assertNoDuplicates(Callable)}.
     *
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the block does, or it cannot be known
     */
    public <T extends @Nullable Object> T assertNoDuplicates(Callable<T> block) {
        return measure(
                CachingContract.Unit.remoteAccess(),
                block,
                new Circumstances(),
                run -> Verdicts.enforce(new DuplicatesVerdict(run, repeats, reason).failure()));
    }

    /**
     * Asserts that a block reads nothing twice; see {@link QueryAssertions#assertNoDuplicates(Callable)}.
     *
     * @param block the code under test
     * @throws AssertionError if the block does, or it cannot be known
     */
    public void assertNoDuplicates(Block block) {
        assertNoDuplicates(withoutAnswer(block));
    }

    /**
     * Asserts what the entries are like that a block writes to cache servers; see {@link
     * QueryAssertions#assertCacheWrites(CacheWriteExpectation, Callable)}.
     *
     * @param expectation what is expected
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if an expectation is not met, or it cannot be known
     */
    public <T extends @Nullable Object> T assertCacheWrites(CacheWriteExpectation expectation, Callable<T> block) {
        Objects.requireNonNull(expectation, "expectation must not be null");
        return measure(
                CachingContract.cacheRoundTrips(),
                block,
                new Circumstances(),
                run -> Verdicts.enforce(new WriteVerdict(run, expectation, reason).failure()));
    }

    /**
     * Asserts what the entries are like that a block writes to cache servers; see {@link
     * QueryAssertions#assertCacheWrites(CacheWriteExpectation, Callable)}.
     *
     * @param expectation what is expected
     * @param block the code under test
     * @throws AssertionError if an expectation is not met, or it cannot be known
     */
    public void assertCacheWrites(CacheWriteExpectation expectation, Block block) {
        assertCacheWrites(expectation, withoutAnswer(block));
    }

    /**
     * Asserts that no cache grows by more than some entries; see {@link QueryAssertions#assertCacheGrowthAtMost(int,
     * Callable)}.
     *
     * @param entries how many more a registered cache may hold afterwards; not negative
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if a cache holds more, or it cannot be known
     */
    public <T extends @Nullable Object> T assertCacheGrowthAtMost(int entries, Callable<T> block) {
        notNegative("entries", entries);
        Objects.requireNonNull(block, "block must not be null");
        if (Settings.current().mode() == Settings.Mode.OFF) {
            return Measurement.call(block);
        }
        CacheIsolationEngine caches = CacheIsolationEngine.current();
        Map<String, CacheView> before = caches.views();
        Measurement<T> run = Measurement.of(this, CachingContract.Unit.remoteAccess(), block);
        Verdicts.enforce(new GrowthVerdict(run, before, caches.views(), entries, reason).failure());
        return run.answer();
    }

    /**
     * Asserts that no cache grows by more than some entries; see {@link QueryAssertions#assertCacheGrowthAtMost(int,
     * Callable)}.
     *
     * @param entries how many more a registered cache may hold afterwards; not negative
     * @param block the code under test
     * @throws AssertionError if a cache holds more, or it cannot be known
     */
    public void assertCacheGrowthAtMost(int entries, Block block) {
        assertCacheGrowthAtMost(entries, withoutAnswer(block));
    }

    /**
     * Asserts that a block asks for what is recorded of it in a file; see {@link QueryAssertions#assertQuerySnapshot(String,
     * Callable)}.
     *
     * @param name names the file beside the test class: 1 to 100 of a-z, A-Z, 0-9, {@code -} and {@code _}, with single dots
     *     between them
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if it asks for something else, or it cannot be known
     * @throws IllegalArgumentException if the name is not allowed
     */
    public <T extends @Nullable Object> T assertQuerySnapshot(String name, Callable<T> block) {
        return assertQuerySnapshot(name, SnapshotCheck.isSet(System.getenv("CI")), block);
    }

    <T extends @Nullable Object> T assertQuerySnapshot(String name, boolean onCi, Callable<T> block) {
        Objects.requireNonNull(name, "name must not be null");
        SnapshotFile.requireName(name);
        return measure(
                CachingContract.Unit.remoteAccess(),
                block,
                new Circumstances(),
                run -> Verdicts.enforce(new SnapshotCheck(run, name, onCi, reason).failure()));
    }

    /**
     * Asserts that a block asks for what is recorded of it in a file; see {@link QueryAssertions#assertQuerySnapshot(String,
     * Callable)}.
     *
     * @param name names the file beside the test class
     * @param block the code under test
     * @throws AssertionError if it asks for something else, or it cannot be known
     * @throws IllegalArgumentException if the name is not allowed
     */
    public void assertQuerySnapshot(String name, Block block) {
        assertQuerySnapshot(name, withoutAnswer(block));
    }

    /**
     * Asserts that a block is cached; see {@link QueryAssertions#assertCaching}.
     *
     * @param contract what the block may cost
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned the second time
     * @throws AssertionError if the contract is broken, or a count cannot be known
     */
    public <T extends @Nullable Object> T assertCaching(CachingContract contract, Callable<T> block) {
        Objects.requireNonNull(contract, "contract must not be null");
        Objects.requireNonNull(block, "block must not be null");
        return new CachingCheck<>(this, contract, block).run();
    }

    Scope.Builder scope(String name) {
        return Scope.named(name).callSites().details(details);
    }

    /** Narrows a journal to what this check is about. */
    Journal view(Journal journal, Operation.Kind kind) {
        boolean ofDataSources =
                kind != Operation.Kind.LOAD && kind != Operation.Kind.CACHE && kind != Operation.Kind.COMMAND;
        return journal.only(kind)
                .of(name -> !ofDataSources || sources == null || sources.contains(name))
                .ignoring(ignoredThreads);
    }

    /** Returns how long to wait for what the block has handed over; null for no longer than it takes to return. */
    @Nullable
    Duration patience() {
        return patience;
    }

    Repeats repeats() {
        return repeats;
    }

    @Nullable
    String description() {
        return description;
    }

    boolean allowsEscapes() {
        return escapesAllowed;
    }

    @Nullable
    String reason() {
        return reason;
    }

    /** Returns the names of the data sources that are counted; null for all. */
    @Nullable
    Set<String> sources() {
        return sources;
    }

    static int notNegative(String name, int count) {
        if (count < 0) {
            throw new IllegalArgumentException(name + " must not be negative, but is " + count);
        }
        return count;
    }

    /** Returns what recognizes texts by a pattern in which {@code *} stands for any text. */
    static Predicate<String> glob(String pattern, String example) {
        Objects.requireNonNull(pattern, "pattern must not be null");
        if (pattern.isBlank()) {
            throw new IllegalArgumentException("pattern must be such as " + example + ", but is blank");
        }
        String regex = Pattern.compile("\\*")
                .splitAsStream(pattern)
                .map(Pattern::quote)
                .reduce((a, b) -> a + ".*" + b)
                .orElse("");
        return Pattern.compile(pattern.endsWith("*") ? regex + ".*" : regex, Pattern.DOTALL)
                .asMatchPredicate();
    }
}
