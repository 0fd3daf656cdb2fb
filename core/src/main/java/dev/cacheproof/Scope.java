package dev.cacheproof;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Whose operation it is. A scope is opened around a block, or around a test; what the opening thread asks for until the
 * scope is closed belongs to it, and to the scopes around it.
 *
 * <p>Other threads belong to a scope only if they are told: {@link #wrap(Runnable)}, {@link #wrap(Executor)} or
 * {@link #propagating(ExecutorService)}. What a thread without a scope asks for is <em>unattributed</em>: each scope
 * that is open then counts it apart, because it might be its own.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open("checkout")) {
 *     shop.checkout(cart);
 *     System.out.println(scope.journal().print());
 * }
 * }</pre>
 *
 * <p>Thread-safe, except that a scope should be closed by the thread that opened it.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Scope implements AutoCloseable {

    /** Enough to name who else was at work; their counts are exact without. */
    private static final int UNATTRIBUTED_DETAILS = 100;

    private final String name;
    private final @Nullable Scope parent;
    private final Thread opener = Thread.currentThread();
    private final boolean recordsCallSites;
    private final boolean isShared;
    private final CallSite openedAt;
    private final Ledger ledger;
    private final @Nullable RunningTest test;

    /** Kept, since each operation needs them. */
    private final Settings settings;

    private final @Nullable Sent sent;

    private final Counters counters = new Counters();
    private final Counters unattributed = new Counters();
    private final Ledger unattributedLedger = new Ledger(UNATTRIBUTED_DETAILS);
    private final LongAdder dropped = new LongAdder();
    private final List<Gate> gates = new CopyOnWriteArrayList<>();
    private final HandedOverTasks tasks;
    private final Set<Thread> threads;
    private final Map<String, String> reports = new LinkedHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();

    /** Made when it is first asked for: few scopes need one. */
    private final AtomicReference<@Nullable String> token = new AtomicReference<>();

    /** A command that the opening thread sends, known by its name and one of its arguments. */
    private record Sent(String command, String argument) {}

    private Scope(Builder builder, @Nullable Scope parent) {
        this.name = builder.name;
        this.parent = parent;
        this.tasks = new HandedOverTasks(this, parent == null ? null : parent.tasks);
        this.isShared = builder.shared;
        this.recordsCallSites = builder.callSites || (parent != null && parent.recordsCallSites);
        this.openedAt = builder.callSites ? CallSite.capture() : CallSite.NONE;
        this.ledger = parent != null && builder.details == null
                ? parent.ledger
                : new Ledger(Objects.requireNonNullElse(builder.details, Builder.DEFAULT_DETAILS));
        this.threads = parent == null ? ConcurrentHashMap.newKeySet() : parent.threads;
        this.test = builder.test;
        this.settings = builder.test != null
                ? builder.test.settings()
                : parent != null ? parent.settings : Settings.ofProcess();
        this.sent = builder.sent;
    }

    /**
     * Opens a scope on the current thread, inside the scope that the thread is in.
     *
     * @param name the name to show
     * @return the scope, to be closed by the same thread
     */
    public static Scope open(String name) {
        return named(name).open();
    }

    /**
     * Prepares a scope with other settings than the usual.
     *
     * @param name the name to show
     * @return a builder
     */
    public static Builder named(String name) {
        return new Builder(name);
    }

    /**
     * Returns the scope that the current thread is in.
     *
     * @return the innermost open scope; empty where there is none
     */
    public static Optional<Scope> current() {
        return Optional.ofNullable(ProcessState.thread().scope());
    }

    /**
     * Finds the scope that a command belongs to which has arrived at a server in this JVM, where the scope was opened for
     * {@linkplain Builder#sending sending} it.
     *
     * @param isIt takes the name in upper case and the argument that were told, and says whether it is that command
     * @return the scope; empty where nobody said that they would send such a command
     */
    public static Optional<Scope> senderOf(BiPredicate<String, String> isIt) {
        for (Scope each : ProcessState.open()) {
            if (each.sent != null && isIt.test(each.sent.command, each.sent.argument)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns an executor that runs each task in the scope that the submitting thread is in at that moment. Wire it once,
     * around the application's own pool.
     *
     * @param executor the pool; it keeps its life cycle, and is shut down through what this returns or directly
     * @return the executor
     */
    public static ExecutorService propagating(ExecutorService executor) {
        return new PropagatingExecutor(Objects.requireNonNull(executor, "executor"));
    }

    /**
     * Returns a task that runs in the scope that the current thread is in, on whatever thread. Until it has run,
     * {@link #unfinished()} names it.
     *
     * @param task the task
     * @return the task in its scope; the task itself where there is no scope, or one that tests share
     */
    public static Runnable propagatingTask(Runnable task) {
        Objects.requireNonNull(task, "task");
        return current()
                .filter(scope -> !scope.isShared())
                .map(scope -> scope.wrap(task))
                .orElse(task);
    }

    /**
     * Says that a task will never run, so that nobody waits for it.
     *
     * @param task what {@link #propagatingTask(Runnable)} returned, or any other task
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public static void abandon(Runnable task) {
        HandedOverTasks.abandon(Objects.requireNonNull(task, "task"));
    }

    /**
     * Finds the scope that a {@linkplain #token() token} names.
     *
     * @param token the token, or any other text
     * @return the scope, or where that is closed the nearest open one around it; empty where none is open
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public static Optional<Scope> byToken(String token) {
        Objects.requireNonNull(token, "token");
        return ProcessState.open().stream()
                .filter(scope -> scope.isNamedBy(token))
                .max(Comparator.comparingInt(scope -> scope.token().length()));
    }

    /**
     * Says why the current thread is in no scope: a failure shows it beside what the thread asks for meanwhile.
     *
     * @param hint what to do about it
     * @return what ends it, to be closed by the same thread
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public static Attachment unattributed(String hint) {
        return ProcessState.thread().explain(Objects.requireNonNull(hint, "hint"));
    }

    /**
     * Returns the record of what was asked for in this scope. That of the scope which the current thread is in is
     * {@link Journal#current()}.
     *
     * @return a live view: it grows while the scope is open, and stays readable afterwards
     */
    public Journal journal() {
        return new Journal(this);
    }

    /**
     * Returns a task that runs in this scope, on whatever thread. Until it has run, {@link #unfinished()} names it.
     *
     * @param task the task
     * @return the task in this scope
     */
    public Runnable wrap(Runnable task) {
        return tasks.wrap(Objects.requireNonNull(task, "task"));
    }

    /**
     * Returns a task that runs in this scope, on whatever thread. Until it has run, {@link #unfinished()} names it.
     *
     * @param task the task
     * @param <T> the type of its result
     * @return the task in this scope
     */
    public <T extends @Nullable Object> Callable<T> wrap(Callable<T> task) {
        return tasks.wrap(Objects.requireNonNull(task, "task"));
    }

    /**
     * Returns an executor that runs its tasks in this scope.
     *
     * @param executor what runs the tasks
     * @return the executor
     */
    public Executor wrap(Executor executor) {
        Objects.requireNonNull(executor, "executor");
        return task -> tasks.handOver(Objects.requireNonNull(task, "task"), executor);
    }

    /**
     * Puts the current thread into this scope, until the attachment is closed by the same thread.
     *
     * @return the attachment
     */
    public Attachment attach() {
        enter();
        return new Stay(this);
    }

    /**
     * A thread's stay in a scope.
     *
     * @since 0.1
     */
    @FunctionalInterface
    public interface Attachment extends AutoCloseable {

        /**
         * Takes the thread out of the scope; a second call has no effect.
         *
         * @throws IllegalStateException if the thread has opened a scope meanwhile and not closed it, which is closed
         *     then; or if another thread was put into the scope
         */
        @Override
        void close();
    }

    /** One stay; used by one thread alone. */
    private static final class Stay implements Attachment {
        private final Scope scope;
        private final Thread thread = Thread.currentThread();
        private boolean isOver;

        Stay(Scope scope) {
            this.scope = scope;
        }

        @Override
        public void close() {
            if (Thread.currentThread() != thread) {
                throw new IllegalStateException("Scope \"" + scope.name + "\" was entered by thread \""
                        + thread.getName() + "\", so thread \""
                        + Thread.currentThread().getName() + "\" cannot take it out.");
            }
            if (!isOver) {
                isOver = true;
                scope.leave("left");
            }
        }
    }

    private void enter() {
        ProcessState.thread().push(this);
        threads.add(Thread.currentThread());
    }

    /** Takes this thread out of the scope, and of those that it opened inside and did not close. */
    private void leave(String how) {
        ProcessState.ThreadState thread = ProcessState.thread();
        List<String> forgotten = new ArrayList<>();
        for (Scope inner : thread.pop(this)) {
            if (inner.end()) {
                forgotten.add(inner.name);
            }
        }
        if (!thread.isInside(root())) {
            threads.remove(Thread.currentThread());
        }
        if (!forgotten.isEmpty()) {
            throw new IllegalStateException("Scope \"" + name + "\" was " + how + " before the scopes inside it: "
                    + forgotten + ". Close the inner scope first; try-with-resources does.");
        }
    }

    /**
     * Returns the tasks that were handed to another thread in this scope, or in one inside it, and have not finished: what
     * they ask for is not all counted yet. Waits for two seconds at most for those that are running, because a task's
     * future completes just before the task ends.
     *
     * @return a description of each; empty once all have finished
     */
    public List<String> unfinished() {
        return tasks.unfinished();
    }

    /**
     * Waits for the tasks that were handed to another thread in this scope, or in one inside it, for those that these hand on, and
     * for what is {@linkplain #underWay under way}. Returns early where the thread is interrupted, which it stays. Afterwards,
     * {@link #unfinished()} tells what has not finished in time.
     *
     * @param limit how long to wait at most; positive, on the real clock
     * @throws IllegalArgumentException if the limit is not positive
     */
    public void awaitTasks(Duration limit) {
        tasks.awaitAll(Deadline.after(limit));
    }

    /**
     * Declares that something is under way for this scope which nobody in it waits for, such as a command whose client has
     * returned before its reply.
     *
     * @param kind what it is going to be counted as
     * @param description what to show if it does not end
     * @return to be run when it has ended, on whatever thread
     */
    public Runnable underWay(Operation.Kind kind, String description) {
        return tasks.underWay(Objects.requireNonNull(kind, "kind"), Objects.requireNonNull(description, "description"));
    }

    /**
     * Waits for what is {@linkplain #underWay under way}, for two seconds at most, and returns the tasks that have not
     * finished, and what of these kinds has not ended.
     *
     * @param kind the kind that is to be counted
     * @param more other kinds that are
     * @return a description of each; empty once all of these kinds is counted
     */
    public List<String> unfinished(Operation.Kind kind, Operation.Kind... more) {
        return tasks.unfinished(EnumSet.of(Objects.requireNonNull(kind, "kind"), more));
    }

    /**
     * Puts a gate before every operation of this scope and of the scopes inside it, until the scope is closed.
     *
     * @param gate the gate
     * @return this scope
     */
    public Scope gate(Gate gate) {
        gates.add(Objects.requireNonNull(gate, "gate"));
        return this;
    }

    /**
     * Leaves a finding for whoever reports about this scope, such as a test's report entries.
     *
     * @param key what it is about
     * @param value the finding; a second one with the same key is appended on a new line
     */
    public void report(String key, String value) {
        synchronized (reports) {
            reports.merge(key, value, (before, after) -> before + "\n" + after);
        }
    }

    /**
     * Returns the findings that were left so far.
     *
     * @return a copy, in the order of the first finding of each key
     */
    public Map<String, String> reports() {
        synchronized (reports) {
            return new LinkedHashMap<>(reports);
        }
    }

    /**
     * Returns the name.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * Returns a text that names this scope where nothing but text arrives, such as in the header of a request. It cannot be
     * guessed, and names nothing once the scope and those around it are closed.
     *
     * @return the token: printable ASCII without blanks
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public String token() {
        if (token.get() == null) {
            String around = parent == null ? "" : parent.token() + ".";
            token.compareAndSet(null, around + UUID.randomUUID());
        }
        return Objects.requireNonNull(token.get());
    }

    /** Says whether a token is of this scope, or of one inside it. */
    private boolean isNamedBy(String other) {
        String own = token.get();
        return own != null && (other.equals(own) || other.startsWith(own + "."));
    }

    /**
     * Returns where the scope was opened.
     *
     * @return the line as {@code (File.java:31)}; {@code (unknown)} where call sites are not recorded
     */
    public String openedAt() {
        return openedAt.line();
    }

    /**
     * Returns the outermost scope around this one.
     *
     * @return the root; this scope itself where there is none around it
     */
    public Scope root() {
        Scope root = this;
        while (root.parent != null) {
            root = root.parent;
        }
        return root;
    }

    /**
     * Returns the test that this scope, or the nearest one around it, was opened for.
     *
     * @return the test; empty outside of tests
     */
    public Optional<RunningTest> test() {
        for (Scope scope = this; scope != null; scope = scope.parent) {
            if (scope.test != null) {
                return Optional.of(scope.test);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns what the tests of one run note for each other: of the run of the test that the current thread works for; of this
     * JVM outside of tests.
     *
     * @return a map that is shared by the threads of the run
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public static Map<String, Object> notesOfRun() {
        return ProcessState.notes(
                current().flatMap(Scope::test).map(RunningTest::run).orElse(null));
    }

    /**
     * Closes the scope; a second call has no effect. What its tasks do afterwards belongs to the scope around it.
     *
     * @throws IllegalStateException if the thread that opened it has opened a scope inside it and not closed it; both are
     *     closed then
     */
    @Override
    public void close() {
        end();
        if (Thread.currentThread() == opener) {
            leave("closed");
        }
    }

    /**
     * Says whether the scope was closed.
     *
     * @return true once nothing can belong to it any more
     */
    public boolean isClosed() {
        return closed.get();
    }

    /** Ends the scope for all threads, and says whether it was open. */
    private boolean end() {
        ProcessState.open().remove(this);
        return closed.compareAndSet(false, true);
    }

    /** Returns this scope, or the nearest one around it, that is still open. */
    @Nullable
    Scope nearestOpen() {
        Scope scope = this;
        while (scope != null && scope.isClosed()) {
            scope = scope.parent;
        }
        return scope;
    }

    boolean isInside(Scope outer) {
        Scope scope = this;
        while (scope != null && scope != outer) {
            scope = scope.parent;
        }
        return scope != null;
    }

    Thread opener() {
        return opener;
    }

    /** Returns the settings of the test that this scope is in; outside of tests, those of this JVM when it was opened. */
    Settings settings() {
        return settings;
    }

    /** Returns the test that this very scope was opened for. */
    @Nullable
    RunningTest ownTest() {
        return test;
    }

    @Nullable
    Scope parent() {
        return parent;
    }

    /**
     * Says whether work on other threads is not this scope's; see {@link Builder#shared()}.
     *
     * @return false unless it was opened for what several tests share
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public boolean isShared() {
        return isShared;
    }

    /**
     * Says whether operations are recorded with the lines that ask for them.
     *
     * @return false unless it, or a scope around it, was opened {@linkplain Builder#callSites() with call sites}
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public boolean recordsCallSites() {
        return recordsCallSites;
    }

    HandedOverTasks tasks() {
        return tasks;
    }

    List<Gate> gates() {
        return gates;
    }

    Counters counters() {
        return counters;
    }

    Counters unattributed() {
        return unattributed;
    }

    Ledger ledger() {
        return ledger;
    }

    Ledger unattributedLedger() {
        return unattributedLedger;
    }

    long dropped() {
        return dropped.sum();
    }

    /** Returns the threads that are working right now for this scope's root, or for a scope inside that. */
    Set<Thread> threads() {
        return threads;
    }

    void count(Operation.Request request) {
        counters.add(request, request.shape());
    }

    void countPart(Operation.Request part, String whole) {
        counters.addPart(part, part.shape(), whole);
    }

    void countUnattributedPart(Operation.Request part, String thread, String whole) {
        unattributed.addPart(part, thread, whole);
    }

    void countUnattributed(Operation.Request request, String thread) {
        unattributed.add(request, thread);
    }

    void keep(Operation operation) {
        Ledger written = null;
        for (Scope own = this; own != null; own = own.parent) {
            if (own.ledger != written) {
                written = own.ledger;
                written.add(operation, this);
            }
        }
    }

    void keepUnattributed(Operation operation) {
        unattributedLedger.add(operation, null);
    }

    void droppedDetail() {
        dropped.increment();
    }

    @Override
    public String toString() {
        return "Scope " + name + (isClosed() ? " (closed)" : "");
    }

    /**
     * The settings of a scope to be opened. Not thread-safe.
     *
     * @since 0.1
     */
    public static final class Builder {
        static final int DEFAULT_DETAILS = 10_000;

        private final String name;
        private boolean root;
        private boolean shared;
        private boolean callSites;
        private @Nullable Integer details;
        private @Nullable RunningTest test;
        private @Nullable Sent sent;

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        /**
         * Opens the scope outside of the one that the thread is in: what happens in it belongs to no other.
         *
         * @return this builder
         */
        public Builder root() {
            this.root = true;
            return this;
        }

        /**
         * Records where in the application each operation is asked for. Costs about three microseconds for each, on a stack of
         * a hundred frames.
         *
         * @return this builder
         */
        public Builder callSites() {
            this.callSites = true;
            return this;
        }

        /**
         * Sets how many operations are kept with their details: the first tenth, and the last nine tenths. Counts are
         * exact in any case.
         *
         * @param details at least 10; unless set, 10,000 for a root, which a scope inside it shares
         * @return this builder
         */
        public Builder details(int details) {
            if (details < 10) {
                throw new IllegalArgumentException("details must be at least 10, but is " + details);
            }
            this.details = details;
            return this;
        }

        /**
         * Opens the scope for what several tests share, such as a test class. Work that it hands to other threads is
         * nobody's: it may go on while any of those tests runs, on behalf of that test.
         *
         * @return this builder
         */
        public Builder shared() {
            this.shared = true;
            return this;
        }

        /**
         * Opens the scope for a test.
         *
         * @param test the test
         * @return this builder
         */
        public Builder test(RunningTest test) {
            this.test = Objects.requireNonNull(test, "test");
            return this;
        }

        /**
         * Opens the scope for one command to a server. A server in this JVM then knows whose it is, although it cannot see
         * the thread that asks: what adapters ask for themselves is no work of the test whose client they use.
         *
         * @param command the command's name, in upper case
         * @param argument one of its arguments, by which it is told from those of others
         * @return this builder
         */
        public Builder sending(String command, String argument) {
            this.sent =
                    new Sent(Objects.requireNonNull(command, "command"), Objects.requireNonNull(argument, "argument"));
            return this;
        }

        /**
         * Opens the scope on the current thread.
         *
         * @return the scope, to be closed by the same thread
         */
        public Scope open() {
            Scope scope = new Scope(this, root ? null : ProcessState.thread().scope());
            scope.enter();
            ProcessState.open().add(scope);
            return scope;
        }
    }
}
