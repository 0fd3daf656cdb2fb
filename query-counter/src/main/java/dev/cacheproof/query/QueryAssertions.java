package dev.cacheproof.query;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on what a block of code asks of its databases, and on what its caches save.
 *
 * <pre>{@code
 * Outline outline = assertNumQueries(5, () -> outlines.fetch(COURSE));   // fails if it is not 5
 * assertCaching(cold(5).warm(1), () -> outlines.fetch(COURSE));          // cold, then warm, with equal answers
 * }</pre>
 *
 * <p>What is counted are round trips: one execution of a statement, or of a whole batch. Transaction control is shown, not
 * counted.
 *
 * <p>A count is believed only if it is certain. Queries on a thread that belongs to no {@linkplain dev.cacheproof.Scope
 * scope} might be the block's or not, so they fail the assertion, and so does work that the block has handed over
 * in its scope and that has not finished. Work on a pool that nobody wrapped is seen only if it queries before the block ends:
 * wait for it in the block. What the block itself throws is thrown on as it is, and nothing is asserted then.
 *
 * <p>Has no effect but to run the block where {@code cacheproof.mode = off}. Not for timing, and not for reactive
 * pipelines: a publisher that is returned has not run. Thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class QueryAssertions {

    private static final QueryCheck ALL = new QueryCheck();

    private QueryAssertions() {}

    /**
     * Asserts how many queries a block makes of all watched data sources.
     *
     * @param expected the exact number of round trips; not negative
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the number is another, or cannot be known
     */
    public static <T extends @Nullable Object> T assertNumQueries(int expected, Callable<T> block) {
        return ALL.assertNumQueries(expected, block);
    }

    /**
     * Asserts how many queries a block makes of all watched data sources.
     *
     * @param expected the exact number of round trips; not negative
     * @param block the code under test
     * @throws AssertionError if the number is another, or cannot be known
     */
    public static void assertNumQueries(int expected, Block block) {
        ALL.assertNumQueries(expected, block);
    }

    /**
     * Asserts how many queries a block makes of one data source.
     *
     * @param dataSource what {@link QueryCounter#watch(DataSource)} returned
     * @param expected the exact number of round trips; not negative
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the number is another, or cannot be known
     */
    public static <T extends @Nullable Object> T assertNumQueries(
            DataSource dataSource, int expected, Callable<T> block) {
        return on(dataSource).assertNumQueries(expected, block);
    }

    /**
     * Asserts how many queries a block makes of one data source.
     *
     * @param dataSource what {@link QueryCounter#watch(DataSource)} returned
     * @param expected the exact number of round trips; not negative
     * @param block the code under test
     * @throws AssertionError if the number is another, or cannot be known
     */
    public static void assertNumQueries(DataSource dataSource, int expected, Block block) {
        on(dataSource).assertNumQueries(expected, block);
    }

    /**
     * Asserts how many queries of which sort a block makes of all watched data sources: by kind, table, data source or a
     * condition of one's own, in round trips, statements or rows. All expectations that are not met are shown in one failure.
     *
     * <pre>{@code
     * assertQueries(exactly(2).reads().and(exactly(1).inserts().onTable("orders")), () -> shop.checkout(cart));
     * assertQueries(atMost(3).and(none()).deletes(), () -> shop.checkout(cart));
     * }</pre>
     *
     * @param expectation what is expected
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if an expectation is not met, or it cannot be known
     */
    public static <T extends @Nullable Object> T assertQueries(QueryExpectation expectation, Callable<T> block) {
        return ALL.assertQueries(expectation, block);
    }

    /**
     * Asserts how many queries of which sort a block makes; see {@link #assertQueries(QueryExpectation, Callable)}.
     *
     * @param expectation what is expected
     * @param block the code under test
     * @throws AssertionError if an expectation is not met, or it cannot be known
     */
    public static void assertQueries(QueryExpectation expectation, Block block) {
        ALL.assertQueries(expectation, block);
    }

    /**
     * Asserts how many round trips to cache servers a block makes. Commands that a client sends before it reads their answers
     * share one: a pipeline, or a transaction, as far as the client does not wait in between. What a client says about its own connection ({@code HELLO}, {@code
     * PING} and the like) is not counted, and neither are caches of this process.
     *
     * <pre>{@code
     * assertCacheRoundTrips(1, () -> flags.of(COURSE));   // MGET: passes
     * assertCacheRoundTrips(1, () -> flags.of(COURSE));   // GET in a loop: "Expected 1 cache round trip, but 3 were made"
     * }</pre>
     *
     * <p>A client that sends one command after another without waiting, as Lettuce's asynchronous API does, makes one round
     * trip or several, by chance: count commands there, {@code scope.journal().commands()}.
     *
     * <p>What has reached a fake's sockets when the block returns is counted, also where nobody waits for the answer. What is
     * on the client's side still cannot be known, such as a pipeline that was not synced or a command that another thread is
     * about to send: wait for it in the block.
     *
     * <p>Over TCP, nobody knows which thread asks: everything that arrives at the test's fake while the block runs is taken as
     * that of the innermost scope which the test has open. {@code InProcessJedis} is exact, by thread.
     *
     * @param expected the exact number; not negative
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the number is another, or cannot be known
     */
    public static <T extends @Nullable Object> T assertCacheRoundTrips(int expected, Callable<T> block) {
        return ALL.assertCacheRoundTrips(expected, block);
    }

    /**
     * Asserts how many round trips to cache servers a block makes; see {@link #assertCacheRoundTrips(int, Callable)}.
     *
     * @param expected the exact number; not negative
     * @param block the code under test
     * @throws AssertionError if the number is another, or cannot be known
     */
    public static void assertCacheRoundTrips(int expected, Block block) {
        ALL.assertCacheRoundTrips(expected, block);
    }

    /**
     * Asserts how many {@linkplain dev.cacheproof.Loads#counted counted loads} a block makes, whatever they are.
     *
     * <pre>{@code
     * Themes themes = new Themes(site -> Loads.counted("theme files", () -> files.find(site)));
     *
     * assertNumLoads(1, () -> themes.of(SITE));   // passes
     * assertNumLoads(0, () -> themes.of(SITE));   // passes if it was cached; else "Expected 0 loads, but 1 ran"
     * }</pre>
     *
     * <p>Fails where the test has counted no load at all, also if none is expected: what is not wrapped, or is given another
     * name, is not counted either.
     *
     * @param expected the exact number; not negative
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the number is another, or cannot be known
     */
    public static <T extends @Nullable Object> T assertNumLoads(int expected, Callable<T> block) {
        return ALL.assertNumLoads(expected, block);
    }

    /**
     * Asserts how many counted loads a block makes; see {@link #assertNumLoads(int, Callable)}.
     *
     * @param expected the exact number; not negative
     * @param block the code under test
     * @throws AssertionError if the number is another, or cannot be known
     */
    public static void assertNumLoads(int expected, Block block) {
        ALL.assertNumLoads(expected, block);
    }

    /**
     * Asserts how many counted loads of one name a block makes; see {@link #assertNumLoads(int, Callable)}.
     *
     * @param name the name that is given to {@link dev.cacheproof.Loads#counted}
     * @param expected the exact number; not negative
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the number is another, or cannot be known
     */
    public static <T extends @Nullable Object> T assertNumLoads(String name, int expected, Callable<T> block) {
        return ALL.assertNumLoads(name, expected, block);
    }

    /**
     * Asserts how many counted loads of one name a block makes; see {@link #assertNumLoads(int, Callable)}.
     *
     * @param name the name that is given to {@link dev.cacheproof.Loads#counted}
     * @param expected the exact number; not negative
     * @param block the code under test
     * @throws AssertionError if the number is another, or cannot be known
     */
    public static void assertNumLoads(String name, int expected, Block block) {
        ALL.assertNumLoads(name, expected, block);
    }

    /**
     * Asserts that a block asks no database and no cache server, for what looks like an attribute and must be one.
     *
     * <pre>{@code
     * assertNoRemoteAccess(() -> enrollment.mode());   // passes once it is loaded; fails while it hides a query
     * }</pre>
     *
     * <p>Sees what is watched: data sources, and fakes that are not closed. Fails where neither is. Does not see what a connection is
     * told about itself, such as its schema or isolation, and rows that are fetched of a result set that was there before. Of commands that the block
     * does not wait for, it sees those that have left the client; see {@link #assertCacheRoundTrips(int, Callable)}.
     *
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the block did, or it cannot be known
     */
    public static <T extends @Nullable Object> T assertNoRemoteAccess(Callable<T> block) {
        return ALL.assertNoRemoteAccess(block);
    }

    /**
     * Asserts that a block asks no database and no cache server; see {@link #assertNoRemoteAccess(Callable)}.
     *
     * @param block the code under test
     * @throws AssertionError if the block did, or it cannot be known
     */
    public static void assertNoRemoteAccess(Block block) {
        ALL.assertNoRemoteAccess(block);
    }

    /**
     * Asserts that a block does not ask for its data one by one, the N+1: the same statement, or the same command of a cache
     * server, from the same line, with other values, each waited for.
     *
     * <pre>{@code
     * assertNoNPlusOne(() -> shop.orders());
     * allowingRepeatsOf("*AuditLog.write(*").assertNoNPlusOne(() -> shop.orders());
     * }</pre>
     *
     * <p>Shows it in one run, where the block has at least two of what it asks for one by one, so it fails where the block asks
     * for nothing. What a block asks for on several lines, or with other statements, grows unseen: {@link
     * #assertNoNPlusOne(Scale, ScaledBlock)} sees that, too. Commands differ by their keys or, where they read a part of an entry
     * as HGET does, by their further arguments. Those that arrive over a socket have no line; there, the same command on keys of
     * one shape is enough.
     *
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the block does, or it cannot be known
     */
    public static <T extends @Nullable Object> T assertNoNPlusOne(Callable<T> block) {
        return ALL.assertNoNPlusOne(block);
    }

    /**
     * Asserts that a block does not ask for its data one by one; see {@link #assertNoNPlusOne(Callable)}.
     *
     * @param block the code under test
     * @throws AssertionError if the block does, or it cannot be known
     */
    public static void assertNoNPlusOne(Block block) {
        ALL.assertNoNPlusOne(block);
    }

    /**
     * Asserts that a block reads nothing twice: no statement that only reads with the same values, and no command with the same
     * keys, from whatever lines, unless something was written in between that it may have read.
     *
     * <pre>{@code
     * assertNoDuplicates(() -> page.render(USER));   // fails if two parts of it both load the user
     * }</pre>
     *
     * <p>What reads a table is taken to see each write to a table of that name, through whatever data source and on whichever
     * thread, each rollback, and everything if the tables are not known. What reads an entry of a cache server sees what changes
     * that entry, also by removing it, and what expires. No question are statements that read no table or lock rows, what
     * failed, and what is read within a transaction of a cache server. Fails where the block asks for nothing, since that shows
     * nothing. {@link #allowingRepeatsOf} and {@link #allowingRepeats} hold here, too.
     *
     * <p>Not seen are writes to a table that a view reads, by a trigger, a foreign key's cascade or a function, what a commit
     * shows to other connections that were asked before, and {@code setSchema} and {@code setCatalog} of a connection: what is
     * read again after one of these is taken for a duplicate, and to be allowed.
     *
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if the block does, or it cannot be known
     */
    public static <T extends @Nullable Object> T assertNoDuplicates(Callable<T> block) {
        return ALL.assertNoDuplicates(block);
    }

    /**
     * Asserts that a block reads nothing twice; see {@link #assertNoDuplicates(Callable)}.
     *
     * @param block the code under test
     * @throws AssertionError if the block does, or it cannot be known
     */
    public static void assertNoDuplicates(Block block) {
        ALL.assertNoDuplicates(block);
    }

    /**
     * Asserts what the entries are like that a block writes to cache servers: that they expire, and not all at once, are not too
     * large, and are read. All expectations that are not met are shown in one failure.
     *
     * <pre>{@code
     * assertCacheWrites(expiring().exceptKeys("outline:*:v*"), () -> outlines.fetch(COURSE));
     * }</pre>
     *
     * <p>Sees what fakes are sent, as {@link #assertCacheRoundTrips(int, Callable)} does. Fails where the block writes no entry
     * that the expectation is about, since that shows nothing.
     *
     * @param expectation what is expected
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if an expectation is not met, or it cannot be known
     */
    public static <T extends @Nullable Object> T assertCacheWrites(
            CacheWriteExpectation expectation, Callable<T> block) {
        return ALL.assertCacheWrites(expectation, block);
    }

    /**
     * Asserts what the entries are like that a block writes to cache servers; see {@link #assertCacheWrites(CacheWriteExpectation,
     * Callable)}.
     *
     * @param expectation what is expected
     * @param block the code under test
     * @throws AssertionError if an expectation is not met, or it cannot be known
     */
    public static void assertCacheWrites(CacheWriteExpectation expectation, Block block) {
        ALL.assertCacheWrites(expectation, block);
    }

    /**
     * Asserts that none of the test's registered caches holds more than some entries more after a block: that a cache has a
     * bound, or that one and the same question makes one and the same key.
     *
     * <pre>{@code
     * assertCacheGrowthAtMost(100, () -> allOf(1_000, id -> themes.of(id)));     // bounded to 100
     * assertCacheGrowthAtMost(1, () -> allOf(50, any -> themes.of(SITE)));       // the key does not change
     * }</pre>
     *
     * <p>Fails where no registered cache was met, since that shows nothing; that others are met does not matter. What grows is the
     * number of entries: as many as the block removes it may add. A cache that counts its entries approximately is judged by that.
     *
     * @param entries how many more a registered cache may hold afterwards; not negative
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if a cache holds more, or it cannot be known
     */
    public static <T extends @Nullable Object> T assertCacheGrowthAtMost(int entries, Callable<T> block) {
        return ALL.assertCacheGrowthAtMost(entries, block);
    }

    /**
     * Asserts that no cache grows by more than some entries; see {@link #assertCacheGrowthAtMost(int, Callable)}.
     *
     * @param entries how many more a registered cache may hold afterwards; not negative
     * @param block the code under test
     * @throws AssertionError if a cache holds more, or it cannot be known
     */
    public static void assertCacheGrowthAtMost(int entries, Block block) {
        ALL.assertCacheGrowthAtMost(entries, block);
    }

    /**
     * Asserts that a block asks no more often for more data: runs it with two amounts, and compares the round trips to databases
     * and cache servers. An N+1 cannot hide from that, whatever statements and lines it is made of.
     *
     * <pre>{@code
     * assertNoNPlusOne(scale(1, 4).preparing(n -> addOrders(n)), n -> shop.orders());
     * }</pre>
     *
     * <p>The block runs three times: once with the smaller amount, uncounted, since the first run may pay for what is done once,
     * such as to fill a connection pool; and then with each amount. What {@link Scale#preparing} was given runs before each. If
     * caches are registered they are made cold before each run, since the first would warm them for the second; with {@code
     * cacheproof.mode = report} they are not.
     *
     * <p>Fails also where neither counted run asks for anything, and where the larger amount costs less than the smaller: then
     * something else answers, such as a cache that is not registered.
     *
     * @param scale the two amounts, and what prepares them
     * @param block the code under test; it is told the amount
     * @throws AssertionError if the block does, or it cannot be known
     */
    public static void assertNoNPlusOne(Scale scale, ScaledBlock block) {
        ALL.assertNoNPlusOne(scale, block);
    }

    /**
     * Begins a comparison of two amounts of data. The block is first run once with the smaller one, uncounted; see {@link
     * #assertNoNPlusOne(Scale, ScaledBlock)}.
     *
     * @param few the smaller amount; not negative
     * @param many the larger amount
     * @return the scale
     */
    public static Scale scale(int few, int many) {
        return new Scale(few, many, none -> {});
    }

    /**
     * Allows each line of the application to ask several times for the same with other values; see {@link #assertNoNPlusOne}.
     *
     * @param atMost how many times; at least 1
     * @return assertions that allow it
     */
    public static QueryCheck allowingRepeats(int atMost) {
        return ALL.allowingRepeats(atMost);
    }

    /**
     * Allows some statements or commands to be asked for any number of times; see {@link QueryCheck#allowingRepeatsOf}.
     *
     * @param pattern the shape of the statement or command, or the call site; {@code *} stands for any text
     * @return assertions that allow it
     */
    public static QueryCheck allowingRepeatsOf(String pattern) {
        return ALL.allowingRepeatsOf(pattern);
    }

    /**
     * Asserts that a block asks for what is recorded of it in a file, in the order that is recorded: statements, transaction
     * control, counted loads, and what caches are asked for, with hits and misses. A line of the file is the kind of an
     * operation, whom it was asked of, and its shape; what follows itself is one line. Values are left out, and so are errors.
     *
     * <pre>{@code
     * Order order = assertQuerySnapshot("checkout", () -> shop.checkout(cart));   // ShopTests.checkout.snapshot:
     *
     * CACHE       prices: GET book:#  miss
     * QUERY       shop: 3x select price from book where id = ?
     * TRANSACTION shop: COMMIT
     * }</pre>
     *
     * <p>The file lies beside the source of the test class below {@code cacheproof.snapshots.root}, which is {@code
     * src/test/java} unless set. Where there is none it is made, the test passes, and the log says so; if the environment
     * variable {@code CI} is set to anything but {@code false}, the test fails instead. With {@code cacheproof.snapshots =
     * update}, files that do not match are written anew. With {@code cacheproof.mode = report} none is written.
     *
     * <p>A test that several classes inherit has one file, beside the class that it is written in. What a block asks for on
     * several threads at a time comes in any order, so it has no snapshot. Shapes of over 4,000 characters are shortened.
     * Allowed escapes are not recorded.
     *
     * @param name names the file: 1 to 100 of a-z, A-Z, 0-9, {@code -} and {@code _}, with single dots between them; another
     *     one for each block of a test class that asks for something else
     * @param block the code under test
     * @param <T> the type of its result
     * @return what the block returned
     * @throws AssertionError if it asks for something else, or it cannot be known
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static <T extends @Nullable Object> T assertQuerySnapshot(String name, Callable<T> block) {
        return ALL.assertQuerySnapshot(name, block);
    }

    /**
     * Asserts that a block asks for what is recorded of it in a file; see {@link #assertQuerySnapshot(String, Callable)}.
     *
     * @param name names the file beside the test class
     * @param block the code under test
     * @throws AssertionError if it asks for something else, or it cannot be known
     * @throws IllegalArgumentException if the name is not allowed
     */
    public static void assertQuerySnapshot(String name, Block block) {
        ALL.assertQuerySnapshot(name, block);
    }

    /**
     * Asserts that a block is cached: makes every registered cache cold, runs the block twice, and compares both counts
     * with the contract, and both answers with each other.
     *
     * <p>Fails also where the counts are right but no registered cache was met, since then something else saved the work.
     * With {@code cacheproof.mode = report}, the block runs once and nothing is reset.
     *
     * @param contract what the block may cost, such as {@code cold(5).warm(1)}
     * @param block the code under test; its two answers must be {@linkplain java.util.Objects#deepEquals equal}
     * @param <T> the type of its result
     * @return what the block returned the second time
     * @throws AssertionError if the contract is broken, or a count cannot be known
     */
    public static <T extends @Nullable Object> T assertCaching(CachingContract contract, Callable<T> block) {
        return ALL.assertCaching(contract, block);
    }

    /**
     * Begins a contract about queries: what the block costs when every registered cache is cold.
     *
     * @param count the exact number of round trips; not negative
     * @return a contract that still lacks its warm count
     */
    public static CachingContract.Cold cold(int count) {
        return CachingContract.Unit.queries().cold(count);
    }

    /**
     * Counts only what goes through some data sources.
     *
     * @param dataSources what {@link QueryCounter#watch(DataSource)} returned
     * @return assertions on these data sources
     * @throws IllegalArgumentException if one is not watched
     */
    public static QueryCheck on(DataSource... dataSources) {
        return ALL.on(dataSources);
    }

    /**
     * Declares background work: queries of some threads, where they belong to no scope, are known not to be the block's.
     *
     * @param threads tells a thread by its name; see {@link #threads(String)}
     * @return assertions that leave them out of account
     */
    public static QueryCheck ignoring(Predicate<String> threads) {
        return ALL.ignoring(threads);
    }

    /**
     * Waits for what the block has handed to other threads; see {@link QueryCheck#awaitingTasks}.
     *
     * <pre>{@code
     * awaitingTasks(Duration.ofSeconds(10)).assertNumQueries(3, () -> newsletters.sendInBackground());
     * }</pre>
     *
     * @param limit how long to wait at most; positive, on the real clock
     * @return assertions that wait
     */
    public static QueryCheck awaitingTasks(Duration limit) {
        return ALL.awaitingTasks(limit);
    }

    /**
     * Names the block in failure text, in place of the line that it is on.
     *
     * @param block such as {@code the test OrderTests > listsAll()}
     * @return assertions on a block of that name
     */
    public static QueryCheck describedAs(String block) {
        return ALL.describedAs(block);
    }

    /**
     * Selects threads by their names.
     *
     * @param pattern the name, where {@code *} stands for any text, such as {@code scheduling-*}
     * @return the selection
     */
    public static Predicate<String> threads(String pattern) {
        return QueryCheck.glob(pattern, "scheduling-*");
    }
}
