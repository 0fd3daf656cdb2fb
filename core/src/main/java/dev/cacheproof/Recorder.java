package dev.cacheproof;

import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * The seam through which an adapter tells what the code under test asks of one source: a data source, a cache, a
 * counted load. Thread-safe.
 *
 * <p>An adapter makes one recorder per source and {@linkplain #begin(Operation.Request) begins} a recording on the
 * thread that asks, before the operation leaves. While a query runs on a thread, another on the same thread is part of it
 * and is not counted again: a data source that delegates to another counts once. Where only the other is looked at, it
 * counts there.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Recorder {

    private final Operation.Kind kind;
    private final String source;

    /** Null where any test may meet the source. */
    private volatile @Nullable String application;

    private Recorder(Operation.Kind kind, String source, @Nullable String application) {
        this.kind = kind;
        this.source = source;
        this.application = application;
    }

    /**
     * Creates a recorder, and declares its source as watched: from now on an expectation of no operation of this kind
     * can be believed. For a source that ends, {@link #watch} is.
     *
     * @param kind the kind of its operations
     * @param source the name to show; several sources may share one
     * @return the recorder
     */
    public static Recorder watching(Operation.Kind kind, String source) {
        Recorder recorder = of(kind, source);
        ProcessState.watch(kind, source);
        return recorder;
    }

    /**
     * Creates a recorder, and declares its source as watched, under a name that no other source has.
     *
     * @param kind the kind of its operations
     * @param base the name; a number is appended where it is taken
     * @return the recorder
     */
    public static Recorder watchingAnother(Operation.Kind kind, String base) {
        return of(kind, ProcessState.watchAnother(kind, Objects.requireNonNull(base, "base")));
    }

    /**
     * Creates a recorder without declaring anything.
     *
     * @param kind the kind of its operations
     * @param source the name to show
     * @return the recorder
     */
    public static Recorder of(Operation.Kind kind, String source) {
        return new Recorder(Objects.requireNonNull(kind, "kind"), Objects.requireNonNull(source, "source"), null);
    }

    /**
     * Returns a recorder for a source that only one application asks: what no scope owns cannot be the work of a test that
     * runs in another one.
     *
     * @param application what {@link RunningTest#runIn} takes; null where any test may meet the source
     * @return the recorder
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public Recorder within(@Nullable String application) {
        return new Recorder(kind, source, application);
    }

    /**
     * Says that another application asks the source, too: from now on it may be any test's.
     *
     * @param other the application; that of the recorder changes nothing
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public void sharedWith(@Nullable String other) {
        if (!Objects.equals(application, other)) {
            application = null;
        }
    }

    /**
     * Declares the source as watched until it ends. Where it is {@linkplain #within within} an application, a test that runs
     * in another one can prove nothing by it.
     *
     * @return what to close when the source has ended
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public Watch watch() {
        return watch(none -> true);
    }

    /**
     * Declares the source as watched until it ends.
     *
     * @param catchingUp lets it catch up with what has reached it, such as the input of a socket
     * @return what to close when the source has ended
     */
    public Watch watch(CatchingUp catchingUp) {
        Watch watch = new Watch(kind, source, application, Objects.requireNonNull(catchingUp, "catchingUp"));
        ProcessState.watches().add(watch);
        return watch;
    }

    /**
     * How a source that is sent its operations catches up with them.
     *
     * @since 0.1
     */
    @API(status = API.Status.EXPERIMENTAL, since = "0.1")
    @FunctionalInterface
    public interface CatchingUp {

        /**
         * Records what has reached the source so far, before it returns. Waits for seconds at most, and only where there is
         * something to wait for.
         *
         * @param scope whose operations are about to be counted; null where they are those of no scope
         * @return false if something that may be the scope's is not recorded yet
         */
        boolean catchUp(@Nullable Scope scope);
    }

    /**
     * Lets all sources of a kind catch up with what has reached them, as far as it may belong to the scope that the current
     * thread is in. To be called before a count is believed, and before a scope is opened that what was sent earlier does
     * not belong to.
     *
     * @param kind the kind
     * @return the names of those that could not, sorted
     */
    public static Set<String> catchUp(Operation.Kind kind) {
        Scope scope = ProcessState.thread().scope();
        Set<String> behind = new TreeSet<>();
        for (Watch watch : ProcessState.watches()) {
            if (watch.kind == kind && !watch.catchingUp.catchUp(scope)) {
                behind.add(watch.source);
            }
        }
        return behind;
    }

    /**
     * A source that is watched until this is closed. Thread-safe.
     *
     * @since 0.1
     */
    @API(status = API.Status.EXPERIMENTAL, since = "0.1")
    public static final class Watch implements AutoCloseable {
        private final Operation.Kind kind;
        private final String source;
        private final @Nullable String application;
        private final CatchingUp catchingUp;

        private Watch(Operation.Kind kind, String source, @Nullable String application, CatchingUp catchingUp) {
            this.kind = kind;
            this.source = source;
            this.application = application;
            this.catchingUp = catchingUp;
        }

        Operation.Kind kind() {
            return kind;
        }

        String source() {
            return source;
        }

        /** Returns whose source it is; null where any test may meet it. */
        @Nullable
        String application() {
            return application;
        }

        /** Declares that the source has ended: it proves nothing any more. A second call has no effect. */
        @Override
        public void close() {
            ProcessState.watches().remove(this);
        }
    }

    /**
     * Returns the names of all sources of a kind that are watched: those that were declared in this JVM and have not ended, but
     * for those of applications that the current thread's test does not run in.
     *
     * @param kind the kind
     * @return the names, sorted
     */
    public static Set<String> watched(Operation.Kind kind) {
        return ProcessState.watched(kind);
    }

    /**
     * Tells why an environment that the code under test may run in has no source of a kind that could be watched. It is
     * shown where a count cannot be believed, since nothing is watched at all.
     *
     * @param kind the kind
     * @param reason the reason, to be read after "why"; the same one is shown once
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public static void notWatched(Operation.Kind kind, String reason) {
        ProcessState.notWatched(
                Objects.requireNonNull(kind, "kind"), null, Objects.requireNonNull(reason, "reason"), false);
    }

    /**
     * Tells why an application has no source of a kind that could be watched, until it ends. Tests that run in another one are
     * not told.
     *
     * @param kind the kind
     * @param application what {@link RunningTest#runIn} takes
     * @param reason the reason, to be read after "why"; the same one is shown once
     * @return to be run when the application has ended
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public static Runnable notWatched(Operation.Kind kind, String application, String reason) {
        return tell(kind, application, reason, false);
    }

    /**
     * Tells that an application has a source of a kind that is not watched, until it ends: what is asked of all its sources
     * cannot be known.
     *
     * @param kind the kind
     * @param application what {@link RunningTest#runIn} takes
     * @param reason which source, and why it is not
     * @return to be run when the application has ended
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public static Runnable leftUnwatched(Operation.Kind kind, String application, String reason) {
        return tell(kind, application, reason, true);
    }

    private static Runnable tell(Operation.Kind kind, String application, String reason, boolean isASource) {
        return ProcessState.notWatched(
                Objects.requireNonNull(kind, "kind"),
                Objects.requireNonNull(application, "application"),
                Objects.requireNonNull(reason, "reason"),
                isASource);
    }

    /**
     * Returns why sources of a kind are not watched, as far as {@linkplain #notWatched told}.
     *
     * @param kind the kind
     * @return the reasons, sorted
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public static Set<String> whyNotWatched(Operation.Kind kind) {
        return ProcessState.whyNotWatched(kind);
    }

    /**
     * Returns which sources of a kind the application of the current thread's test has beside those that are watched.
     *
     * @param kind the kind
     * @return the reasons for which they are not, sorted; empty where the test runs in no application that is known
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public static Set<String> unwatchedSources(Operation.Kind kind) {
        return ProcessState.unwatchedSources(kind);
    }

    /**
     * Says whether nobody is looking, so that an adapter can save its work.
     *
     * @return true while no scope is open in this JVM
     */
    public static boolean isIdle() {
        return ProcessState.open().isEmpty();
    }

    /**
     * Returns the name of the source.
     *
     * @return the name to show
     */
    public String source() {
        return source;
    }

    /**
     * Describes an operation that is about to leave.
     *
     * @param shape what operations that differ in their values alone have in common
     * @return a new request
     */
    public Operation.Request request(String shape) {
        return new Operation.Request(kind, source, application, shape);
    }

    /**
     * Describes a command on a key of a cache that is about to leave. Commands whose keys differ in numbers or UUIDs alone
     * have one shape.
     *
     * @param command the command, such as {@code GET}
     * @param key the key as it is to be shown; several of them, separated by blanks
     * @return a new request
     */
    public Operation.Request request(String command, String key) {
        String text = key.isEmpty() ? command : command + " " + key;
        return request(KeyTemplate.of(text)).text(text);
    }

    /**
     * Counts an operation, lets the gates of its scope decide about it, and returns the recording that the caller must
     * {@linkplain Recording#end(Operation.Outcome) end} on the same thread.
     *
     * @param request the operation
     * @return the recording; where a gate refused, its {@linkplain Recording#refusal() refusal} is not null and the
     *     operation must not leave
     */
    public Recording begin(Operation.Request request) {
        Recording recording = observe(request);
        recording.passGates();
        return recording;
    }

    /**
     * Counts an operation that cannot be stopped, as a listener sees it: it passes no {@linkplain Gate gates}.
     *
     * @param request the operation
     * @return the recording, which the caller must {@linkplain Recording#end(Operation.Outcome) end} on the same thread
     */
    public Recording observe(Operation.Request request) {
        ProcessState.ThreadState thread = ProcessState.thread();
        if (thread.isGating()) {
            return Recording.PART_OF_ANOTHER;
        }
        Recording whole = isWholeAlone() ? thread.running(kind) : null;
        if (whole != null) {
            whole.countPart(request);
            return Recording.PART_OF_ANOTHER;
        }
        return Recording.begin(request, thread);
    }

    /**
     * Counts an operation that came from somewhere else, such as a command that a server was sent over a socket. Nobody
     * knows which thread asked: it belongs to the innermost scope that its owners have open, if these all lie around each
     * other. It passes no {@linkplain Gate gates}, since no thread waits here that they could hold.
     *
     * @param request the operation
     * @param owners the scopes of those who may have asked; where that is not known, or all of them are closed, every open
     *     scope counts it as unattributed
     * @param caller who asked, to be shown in place of a thread's name
     * @return the recording, which any thread may {@linkplain Recording#end(Operation.Outcome) end}
     */
    public Recording receive(Operation.Request request, Collection<Scope> owners, String caller) {
        return Recording.receive(request, caller, Attribution.among(request, owners));
    }

    /**
     * A data source may delegate to another that is watched too. A cache's loader may read another cache, and a load may
     * need another: those are operations of their own.
     */
    private boolean isWholeAlone() {
        return kind == Operation.Kind.QUERY || kind == Operation.Kind.TRANSACTION || kind == Operation.Kind.ESCAPE;
    }

    /**
     * Returns the recording of this kind that the current thread is in.
     *
     * @return the recording; null where the thread is in none
     */
    public @Nullable Recording running() {
        return ProcessState.thread().running(kind);
    }
}
