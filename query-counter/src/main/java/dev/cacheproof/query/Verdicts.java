package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Journal;
import dev.cacheproof.Operation;
import dev.cacheproof.Recorder;
import dev.cacheproof.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.opentest4j.AssertionFailedError;

/** The reasons for which no count can be believed, and what becomes of a failure. */
final class Verdicts {

    private Verdicts() {}

    /** Throws the failure; in report mode, leaves it with the test instead. */
    static void enforce(Optional<AssertionFailedError> failure) {
        failure.ifPresent(Settings.current().mode()::enforce);
    }

    /** Says why the count of a run cannot be known, if it cannot. */
    static Optional<AssertionFailedError> uncertain(Measurement<?> run) {
        if (!run.isWatched()) {
            return Optional.of(nothingWatched(run));
        }
        return unfinished(run)
                .or(() -> run.unit().kind() == Operation.Kind.QUERY
                        ? besideOthers(run).or(() -> escapedFrom(run))
                        : Optional.empty());
    }

    /** Says that what was seen may not be all, if the application has a data source that is not watched. */
    static Optional<AssertionFailedError> besideOthers(Measurement<?> run) {
        Set<String> left = Recorder.unwatchedSources(Operation.Kind.QUERY);
        if (run.check().sources() != null || left.isEmpty()) {
            return Optional.empty();
        }
        FailureText text = FailureText.of("The count cannot be known: " + run.place()
                        + " may query a data source of the application that is not watched")
                .fact("counted", run.unit().count(run.own()));
        left.forEach(reason -> text.fact("not watched", reason));
        return Optional.of(text.hint("change what is named above; or count a data source that is watched, alone:\n"
                        + "on(dataSource).assertNumQueries(...).")
                .toError());
    }

    private static Optional<AssertionFailedError> escapedFrom(Measurement<?> run) {
        Journal escapes = run.escapes();
        boolean escaped = escapes.count() + escapes.unattributedCount() > 0;
        return escaped && !run.check().allowsEscapes() ? Optional.of(escaped(run)) : Optional.empty();
    }

    /** Says why it cannot be known what a run has asked of databases and cache servers, if it cannot. */
    static Optional<AssertionFailedError> uncertainOfRemote(Measurement<?> run) {
        return nothingRemoteWatched(run)
                .or(() -> unfinished(run))
                .or(() -> besideOthers(run))
                .or(() -> escapedFrom(run));
    }

    /** Says that nothing is watched that is far away, if that is so. */
    static Optional<AssertionFailedError> nothingRemoteWatched(Measurement<?> run) {
        if (!Recorder.watched(Operation.Kind.QUERY).isEmpty()
                || !Recorder.watched(Operation.Kind.COMMAND).isEmpty()) {
            return Optional.empty();
        }
        FailureText text =
                FailureText.of("Neither a data source nor a cache server is watched, so it cannot be known what "
                        + run.place() + " asks for");
        return Optional.of(whyNotWatched(Operation.Kind.QUERY, text)
                .hint("give the code under test QueryCounter.watch(dataSource) instead of its data source, and\n"
                        + "let it connect to a fake of the test's own: @Fake FakeRedis redis.")
                .toError());
    }

    /**
     * Says that a run has asked for nothing, so that it shows nothing, if that is so.
     *
     * @param expected what the run was to show
     */
    static Optional<AssertionFailedError> nothingAsked(Measurement<?> run, String expected) {
        Journal queries = run.of(Operation.Kind.QUERY);
        Journal commands = run.commands();
        if (queries.count() + commands.count() > 0) {
            return Optional.empty();
        }
        long others = queries.unattributedCount() + commands.unattributedCount();
        FailureText text = FailureText.of("Expected " + expected + ", but " + run.place()
                + (others == 0
                        ? " asked no database and no cache server for anything"
                        : " was not seen to ask a database or a cache server for anything itself")
                + ", which shows nothing");
        Set<String> watched = new TreeSet<>(Recorder.watched(Operation.Kind.QUERY));
        watched.addAll(Recorder.watched(Operation.Kind.COMMAND));
        Set<String> counted = run.check().sources();
        text.fact("watched", counted == null ? RunText.names(watched) : "")
                .fact("counted on", counted == null ? "" : RunText.names(counted));
        RunText.unattributed(text, "unattributed", queries);
        RunText.unattributed(text, "unattributed", commands);
        return Optional.of(text.hint(
                        others > 0
                                ? RunText.unattributedHint(run)
                                : "let the block ask: make the caches cold before, and give the code under test what is watched.")
                .toError());
    }

    /** Says that details were not kept, so that what was not found may have been among them; empty if all were. */
    static Optional<AssertionFailedError> incomplete(Measurement<?> run) {
        return run.shown().isTruncated()
                ? Optional.of(FailureText.of("It cannot be known what " + run.place()
                                + " asked for: the details of some of it were not kept")
                        .fact("counted", run.unit().count(run.own()))
                        .hint("keep more: on(dataSource).details(100_000).")
                        .toError())
                : Optional.empty();
    }

    /** Says why a run is not over yet, if it is not. */
    static Optional<AssertionFailedError> unfinished(Measurement<?> run) {
        Optional<String> unfinished = Unfinished.in(run.answer());
        if (unfinished.isPresent()) {
            return Optional.of(unfinishedAnswer(run, unfinished.get()));
        }
        if (!run.unfinished().isEmpty()) {
            return Optional.of(unfinishedTasks(run));
        }
        return run.behind().isEmpty() ? Optional.empty() : Optional.of(unfinishedServers(run));
    }

    private static AssertionFailedError nothingWatched(Measurement<?> run) {
        if (run.unit().kind() == Operation.Kind.COMMAND) {
            return FailureText.of(
                            "No cache server is watched, so the round trips of " + run.place() + " cannot be counted")
                    .hint("let the code under test connect to a fake of the test's own: @Fake FakeRedis redis,\n"
                            + "and redis.uri() where its client is made.")
                    .toError();
        }
        if (run.unit().kind() == Operation.Kind.QUERY) {
            boolean known = !Recorder.whyNotWatched(Operation.Kind.QUERY).isEmpty();
            return whyNotWatched(
                            Operation.Kind.QUERY,
                            FailureText.of("No data source is watched, so the queries of " + run.place()
                                    + " cannot be counted"))
                    .hint(
                            known
                                    ? "change what is named above. Where a data source is made by hand, give the code under"
                                            + " test\nQueryCounter.watch(dataSource) instead; where there is to be none, leave the"
                                            + " assertion out."
                                    : "give the code under test QueryCounter.watch(dataSource) instead of its data source.")
                    .toError();
        }
        if (run.unit().exampleName().startsWith("HTTP")) {
            return FailureText.of("No " + run.unit().plural() + " were counted in this test so far, so 0 in "
                            + run.place() + " proves nothing")
                    .fact("counted so far", RunText.names(run.known()))
                    .hint("""
                            calls are counted of clients that are beans, or made by a builder that is one: RestClient.Builder,
                            RestTemplateBuilder, WebClient.Builder. They are named after the host that is called. If this client
                            is one, a cache has answered from the start: make the caches cold, and let the test call once before.""")
                    .toError();
        }
        return FailureText.of("No " + run.unit().plural() + " were counted in this test so far, so 0 in " + run.place()
                        + " proves nothing")
                .fact("counted so far", RunText.names(run.known()))
                .hint((run.known().isEmpty()
                                ? "wrap the load"
                                : "take one of the names above, if that is the load. Otherwise wrap it")
                        + " where the test wires the code under test:\n" + "Loads.counted(\""
                        + run.unit().exampleName() + "\", () -> files.find(site)). If it is wrapped, a cache\n"
                        + "has answered from the start: make the caches cold, and let the test load once before.")
                .toError();
    }

    static AssertionFailedError nothingRegistered(String consequence) {
        return whyNotWatched(Operation.Kind.CACHE, FailureText.of("No cache is registered, so " + consequence))
                .hint("register the caches that the block uses: @RegisterCache on a field of the test, with\n"
                        + "@CacheIsolation on its class, or a CacheRegistrar once per project.")
                .toError();
    }

    /** An integration that wires the code under test knows more than we do. */
    static FailureText whyNotWatched(Operation.Kind kind, FailureText text) {
        Recorder.whyNotWatched(kind).forEach(reason -> text.fact("why", reason));
        return text;
    }

    private static AssertionFailedError unfinishedAnswer(Measurement<?> run, String unfinished) {
        return FailureText.of("The work may not have run: " + run.place()
                        + " returned a " + unfinished
                        + ", and what that asks for later is not counted")
                .fact("counted", run.unit().count(run.own()) + " so far")
                .hint("consume it inside the block: toList(), join(), get().")
                .toError();
    }

    private static AssertionFailedError unfinishedTasks(Measurement<?> run) {
        FailureText text = FailureText.of("The work has not ended: " + run.place()
                        + " returned while tasks that it handed to other threads still run")
                .fact("counted", run.unit().count(run.own()) + " so far");
        run.unfinished().forEach(task -> text.fact("unfinished", task));
        Duration patience = run.check().patience();
        return text.hint(
                        patience == null
                                ? "wait for it inside the block: future.get(), latch.await(). Where nothing tells its end, wait for\n"
                                        + "it here: awaitingTasks(Duration.ofSeconds(10))."
                                : "it was waited for, for " + patience.toMillis()
                                        + " ms: end it inside the block, or wait longer.")
                .toError();
    }

    private static AssertionFailedError unfinishedServers(Measurement<?> run) {
        return FailureText.of("The count cannot be known: when " + run.place()
                        + " had returned, a server still had not looked at all that it was sent")
                .fact("counted", run.unit().count(run.own()) + " so far")
                .fact("behind", RunText.names(run.behind()))
                .hint("wait for the answers inside the block: pipeline.sync(), future.get(). If a fault delays them,\n"
                        + "count without it.")
                .toError();
    }

    private static AssertionFailedError escaped(Measurement<?> run) {
        FailureText text = FailureText.of("The count cannot be known: " + run.place()
                        + " took an object of the driver, and what is done with that is not seen")
                .fact("counted", run.unit().count(run.own()));
        List<Operation> escapes = Stream.concat(
                        run.escapes().retained().stream(), run.escapes().unattributed().stream())
                .toList();
        // One call that passes through two watched data sources is recorded by both.
        escapes.stream()
                .map(escape -> escape.text()
                        + escape.callSite().map(site -> "\n  at " + site).orElse(""))
                .distinct()
                .forEach(escape -> text.fact("escape", escape));
        return text.hint("use the connection through java.sql; or, if what it does needs no counting,\n"
                        + "say so: on(dataSource).allowingEscapes().assertNumQueries(...).")
                .toError();
    }
}
