package dev.cacheproof.query;

import dev.cacheproof.Journal;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Settings;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * Assertions of AssertJ on what was asked for in a scope so far. AssertJ is an optional dependency: this needs it, and nothing
 * else does.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open("checkout")) {
 *     shop.checkout(cart);
 *     assertThat(scope.journal()).hasQueries(exactly(2).reads().and(none()).deletes()).hasCacheRoundTrips(1);
 * }
 * }</pre>
 *
 * <p>They are those of {@link QueryAssertions} in another form, with the same texts, and believe no count that is not certain.
 * {@code as(...)} names the scope in them; {@link Journal#of} and {@link Journal#ignoring} narrow what they look at. A
 * failure does nothing but to be logged where {@code cacheproof.mode = report}, and nothing is asserted where it is {@code off}.
 * Throws {@link IllegalArgumentException} for a view that cannot show what is asked for. Not thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public class JournalAssert extends AbstractAssert<JournalAssert, Journal> {

    /**
     * Creates assertions; for AssertJ, which makes soft ones of them.
     *
     * @param journal what they are about
     */
    protected JournalAssert(@Nullable Journal journal) {
        super(journal, JournalAssert.class);
    }

    /**
     * Begins assertions on a journal.
     *
     * @param journal such as {@code scope.journal()} or {@code Journal.current().of("orders"::equals)}
     * @return the assertions
     */
    public static JournalAssert assertThat(@Nullable Journal journal) {
        return new JournalAssert(journal);
    }

    /**
     * Asserts how many queries there are; see {@link QueryAssertions#assertNumQueries(int, Block)}.
     *
     * @param expected the exact number of round trips; not negative
     * @return these assertions
     * @throws AssertionError if it is not so, or cannot be known
     */
    public JournalAssert hasNumQueries(int expected) {
        return hasCount(CachingContract.Unit.queries(), expected);
    }

    /**
     * Asserts how many queries of which sort there are; see {@link QueryAssertions#assertQueries(QueryExpectation, Block)}.
     *
     * @param expectation what is expected
     * @return these assertions
     * @throws AssertionError if it is not so, or cannot be known
     */
    public JournalAssert hasQueries(QueryExpectation expectation) {
        Objects.requireNonNull(expectation, "expectation must not be null");
        return check(
                CachingContract.Unit.queries(),
                List.of(Operation.Kind.QUERY),
                run -> new ExpectationVerdict(run, new Circumstances(), expectation, null).failure());
    }

    /**
     * Asserts how many round trips to cache servers there are; see {@link QueryAssertions#assertCacheRoundTrips(int, Block)}.
     *
     * @param expected the exact number; not negative
     * @return these assertions
     * @throws AssertionError if it is not so, or cannot be known
     */
    public JournalAssert hasCacheRoundTrips(int expected) {
        return hasCount(CachingContract.cacheRoundTrips(), expected);
    }

    /**
     * Asserts how many counted loads there are; see {@link QueryAssertions#assertNumLoads(int, Block)}.
     *
     * @param expected the exact number; not negative
     * @return these assertions
     * @throws AssertionError if it is not so, or cannot be known
     */
    public JournalAssert hasNumLoads(int expected) {
        return hasCount(CachingContract.loads(), expected);
    }

    /**
     * Asserts what the entries are like that were written to cache servers; see {@link
     * QueryAssertions#assertCacheWrites(CacheWriteExpectation, Block)}.
     *
     * @param expectation what is expected
     * @return these assertions
     * @throws AssertionError if it is not so, or cannot be known
     */
    public JournalAssert hasCacheWrites(CacheWriteExpectation expectation) {
        Objects.requireNonNull(expectation, "expectation must not be null");
        return check(
                CachingContract.cacheRoundTrips(),
                List.of(Operation.Kind.COMMAND),
                run -> new WriteVerdict(run, expectation, null).failure());
    }

    /**
     * Asserts that nothing was asked for one by one; see {@link QueryAssertions#assertNoNPlusOne(Block)}. Needs the lines that
     * ask: open the scope {@linkplain dev.cacheproof.Scope.Builder#callSites() with call sites}.
     *
     * @return these assertions
     * @throws AssertionError if it is not so, or cannot be known
     * @throws IllegalStateException if the scope records no lines
     */
    public JournalAssert hasNoNPlusOne() {
        isNotNull();
        if (Settings.current().mode() == Settings.Mode.OFF) {
            return this;
        }
        if (!actual.scope().recordsCallSites()) {
            throw new IllegalStateException("What is asked for from one line cannot be told: the scope \""
                    + actual.scope().name() + "\" records no lines. Open it with Scope.named(\""
                    + actual.scope().name() + "\").callSites().open().");
        }
        return check(
                CachingContract.Unit.remoteAccess(),
                List.of(Operation.Kind.QUERY, Operation.Kind.COMMAND),
                run -> new NPlusOneVerdict(run, Repeats.NONE, null).failure());
    }

    /**
     * Asserts that nothing was read twice; see {@link QueryAssertions#assertNoDuplicates(Block)}.
     *
     * @return these assertions
     * @throws AssertionError if it is not so, or cannot be known
     */
    public JournalAssert hasNoDuplicates() {
        return check(
                CachingContract.Unit.remoteAccess(),
                List.of(Operation.Kind.QUERY, Operation.Kind.COMMAND),
                run -> new DuplicatesVerdict(run, Repeats.NONE, null).failure());
    }

    private JournalAssert hasCount(CachingContract.Unit unit, int expected) {
        Expected exactly = Expected.exactly(expected);
        return check(
                unit, List.of(unit.kind()), run -> new CountVerdict(run, new Circumstances(), exactly, null).failure());
    }

    private JournalAssert check(
            CachingContract.Unit unit,
            List<Operation.Kind> kinds,
            Function<Measurement<?>, Optional<AssertionFailedError>> verdict) {
        isNotNull();
        if (Settings.current().mode() == Settings.Mode.OFF) {
            return this;
        }
        requireWhole(kinds);
        if (kinds.stream().noneMatch(actual::shows)) {
            throw new IllegalArgumentException("journal must show " + kinds.get(0) + ", but was narrowed to "
                    + Stream.of(Operation.Kind.values()).filter(actual::shows).toList());
        }
        String described = info.hasDescription()
                ? info.descriptionText()
                : "the scope \"" + actual.scope().name() + "\"";
        Verdicts.enforce(verdict.apply(Measurement.of(new QueryCheck().describedAs(described), unit, actual))
                .map(this::inTheUsersWords));
        return this;
    }

    /** What a view hides would be missed by nobody. */
    private void requireWhole(List<Operation.Kind> kinds) {
        if (!actual.showsPipelined()) {
            throw new IllegalArgumentException(
                    "journal must show all commands of a pipeline, but was narrowed to round trips");
        }
        List<String> watched = kinds.stream()
                .filter(kind -> kind != Operation.Kind.LOAD)
                .flatMap(kind -> Recorder.watched(kind).stream())
                .distinct()
                .toList();
        if (!watched.isEmpty() && watched.stream().noneMatch(actual::isOf)) {
            throw new IllegalArgumentException(
                    "journal must be of something that is watched, but was narrowed to others. Watched: " + watched);
        }
    }

    private AssertionFailedError inTheUsersWords(AssertionFailedError failure) {
        String words = info.overridingErrorMessage();
        return words == null
                ? failure
                : new AssertionFailedError(words, failure.getExpected(), failure.getActual(), failure);
    }
}
