package dev.cacheproof;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One piece of work that the code under test asked of something outside it: an SQL statement, a cache command, or a
 * load that the test counts.
 *
 * <p>Immutable, and a copy: it holds no live statement, connection or client object, so it may be kept.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Operation {

    /**
     * What sort of work an operation is.
     *
     * @since 0.1
     */
    public enum Kind {
        /** One round trip to a database: one execution of a statement, or of a whole batch. */
        QUERY,
        /** Transaction control: commit, rollback, savepoints. Shown, never counted as a query. */
        TRANSACTION,
        /** A call of a cache in this process: a read, a write or an invalidation. */
        CACHE,
        /** A command that a cache server was sent, but for those by which a client introduces itself. */
        COMMAND,
        /** Any other work that the test counts: a file look-up, an HTTP call. See {@link Loads}. */
        LOAD,
        /** The code took hold of an object that lets it work unseen, such as a driver's own connection. */
        ESCAPE
    }

    /**
     * How an operation ended.
     *
     * @param status what happened
     * @param detail the error's text, where the status is {@link Status#FAILED} or {@link Status#REFUSED}; else what a fake has
     *     done without telling its client, such as {@code lost, by a fault}; null where there is neither
     * @since 0.1
     */
    public record Outcome(Status status, @Nullable String detail) {

        /** The ways in which an operation ends. */
        public enum Status {
            /** It was sent, and its end was not seen yet. */
            PENDING,
            /** It returned. */
            DONE,
            /** A cache had the entry. */
            HIT,
            /** A cache did not have the entry. */
            MISS,
            /** It ended with an error of the thing that was asked. */
            FAILED,
            /** A {@link Gate} refused it: it never left. */
            REFUSED
        }

        static final Outcome PENDING = new Outcome(Status.PENDING, null);

        /** How the detail ends where a fault has undone what a command has done. */
        @API(status = API.Status.INTERNAL, since = "0.1")
        public static final String BY_A_FAULT = ", by a fault";

        /** How the detail begins where a fake lacks what the thing that it stands for has. */
        @API(status = API.Status.INTERNAL, since = "0.1")
        public static final String NOT_IN_FAKE = "not in this fake yet";

        /**
         * Says whether a fake was asked for what it lacks, so that what the code under test does then proves nothing.
         *
         * @return false unless the detail says so
         */
        public boolean isNotInFake() {
            return status == Status.FAILED && detail != null && detail.startsWith(NOT_IN_FAKE);
        }

        /**
         * Says whether a change was acknowledged and is gone, by a fault that its client cannot notice.
         *
         * @return false unless the detail says so
         */
        @API(status = API.Status.INTERNAL, since = "0.1")
        public boolean isLost() {
            return status != Status.FAILED && detail != null && detail.endsWith(BY_A_FAULT);
        }

        /**
         * Creates an outcome without an error text.
         *
         * @param status what happened
         * @return the outcome
         */
        public static Outcome of(Status status) {
            return new Outcome(status, null);
        }

        /**
         * Creates the outcome of an operation that threw.
         *
         * @param error what it threw
         * @return the outcome
         */
        public static Outcome failed(Throwable error) {
            return new Outcome(Status.FAILED, error.toString());
        }

        static Outcome refused(String reason) {
            return new Outcome(Status.REFUSED, reason);
        }
    }

    /**
     * An entry of a cache server as a command has left it.
     *
     * @param key the key as text; where it is no UTF-8, the bytes that are none as {@code \xff}; where it is in another
     *     database than 0, with {@code  (database 1)} behind it
     * @param timeToLive how long it stays from then on, by the server's clock; null where it stays for ever
     * @param bytes how long its value is, or its fields and members are together, in bytes; scores are not counted
     * @since 0.1
     */
    @API(status = API.Status.EXPERIMENTAL, since = "0.1")
    public record Write(String key, @Nullable Duration timeToLive, long bytes) {}

    /**
     * One of the SQL statements of an operation: what it does, as far as its text tells.
     *
     * @param kind the name of its kind, such as {@code READ}
     * @param effects what it does to which table, each once
     * @param calls the functions that it calls and of which it is not known that they change nothing: they may do anything
     * @param understood whether the effects are all but for those of the functions; false where it may do anything, such as a
     *     {@code CALL}
     * @since 0.1
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public record Statement(String kind, List<Effect> effects, Set<String> calls, boolean understood) {

        /**
         * Creates a statement.
         *
         * @param kind the name of its kind
         * @param effects what it does to which table
         * @param calls the functions that may do anything
         * @param understood whether the effects are all but for those of the functions
         */
        public Statement {
            effects = List.copyOf(effects);
            calls = Set.copyOf(calls);
        }
    }

    /**
     * What an SQL statement does to a table.
     *
     * @param action the name of the kind of statement that does nothing else, such as {@code UPDATE}
     * @param target the table as it is written, but for quotes; null where it may be any
     * @param certain false where this is one of several tables, of which the text does not tell to which it is done
     * @since 0.1
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public record Effect(String action, @Nullable String target, boolean certain) {}

    private static final int LONGEST_TEXT = 4_000;
    private static final int LONGEST_PARAMETERS = 400;

    private final Kind kind;
    private final String source;
    private final Set<String> reached;
    private final String shape;
    private final String text;

    /** The text, or what renders it when it is first asked for: most are not. Each rendering is the same, so no lock. */
    private Object parameters;

    private final long valuesHash;
    private final Set<String> actions;
    private final @Nullable Set<String> targets;
    private final @Nullable List<Statement> sql;
    private final boolean perRow;
    private final int batchSize;
    private final boolean pipelined;
    private final long connection;
    private final String thread;
    private final long sequence;
    private final CallSite callSite;
    private final @Nullable String explanation;
    private final List<String> reads;
    private final List<String> found;
    private final List<Write> writes;
    private final @Nullable Set<String> changed;
    private final Outcome outcome;
    private final long nanos;

    Operation(
            Request request,
            String thread,
            long sequence,
            CallSite callSite,
            @Nullable String explanation,
            Outcome outcome,
            long nanos) {
        this.kind = request.kind;
        this.source = request.source;
        this.reached = Set.copyOf(request.reached);
        this.shape = request.shape;
        this.text = shortened(request.text, LONGEST_TEXT);
        this.parameters =
                request.parameters instanceof String text ? shortened(text, LONGEST_PARAMETERS) : request.parameters;
        this.valuesHash = request.text.length() <= LONGEST_TEXT
                ? request.valuesHash
                : ValuesHash.of(request.valuesHash, ValuesHash.of(request.text));
        this.actions = request.actions;
        this.targets = request.targets;
        this.sql = request.sql;
        this.perRow = request.perRow;
        this.batchSize = request.batchSize;
        this.pipelined = request.pipelined;
        this.connection = request.connection;
        this.reads = request.reads;
        this.found = request.found;
        this.writes = request.writes;
        this.changed = request.changed;
        this.thread = thread;
        this.sequence = sequence;
        this.callSite = callSite;
        this.explanation = explanation;
        this.outcome = outcome;
        this.nanos = nanos;
    }

    private static String shortened(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest) + "... (" + text.length() + " characters)";
    }

    /**
     * Returns what sort of work this is.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }

    /**
     * Returns the name of what was asked: of a data source, a cache or a counted load.
     *
     * @return the name
     */
    public String source() {
        return source;
    }

    /**
     * Says whether it was asked of a source, or reached one through another.
     *
     * @param wanted says of a name whether it is meant; what it throws is thrown on
     * @return whether it is meant of one of them
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public boolean isOf(Predicate<String> wanted) {
        return wanted.test(source) || reached.stream().anyMatch(wanted);
    }

    /**
     * Returns what operations that differ in their values alone have in common: the fingerprint of an SQL text, or a
     * command and its key's template. Shortened like the text.
     *
     * @return the shape
     */
    public String shape() {
        return shape;
    }

    /**
     * Returns what was asked, in the words of the thing that was asked. Texts of over 4,000 characters are shortened.
     *
     * @return the text
     */
    public String text() {
        return text;
    }

    /**
     * Returns the parameters as text, such as {@code [7, 'intro']}; one bracket per row of a batch. Texts of over 400
     * characters are shortened.
     *
     * @return the parameters, empty where there are none
     */
    public String parameters() {
        Object known = parameters;
        if (known instanceof String text) {
            return text;
        }
        String text = shortened(String.valueOf(((Supplier<?>) known).get()), LONGEST_PARAMETERS);
        parameters = text;
        return text;
    }

    /**
     * Returns a hash code of the values of the parameters, and of a text that is shortened: it differs where they do, also if
     * what is shown of them does not.
     *
     * @return the hash code; 0 where there are none
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public long valuesHash() {
        return valuesHash;
    }

    /**
     * Returns what is done: the names of the kinds of its SQL statements.
     *
     * @return the names, such as {@code READ}; empty where it is no SQL
     */
    public Set<String> actions() {
        return actions;
    }

    /**
     * Returns what it is done to, as far as its text tells: the tables that are read or changed.
     *
     * @return the names as they are written, but for quotes; empty where these are not known
     */
    public Optional<Set<String>> targets() {
        return Optional.ofNullable(targets);
    }

    /**
     * Returns how many statements the database was given in this one round trip, in a text or in a batch. A prepared statement
     * that is run for many rows is one.
     *
     * @return the number; 1 where it is no SQL
     */
    public int statements() {
        return sql == null ? 1 : sql.size();
    }

    /**
     * Returns the SQL statements one by one, in their order.
     *
     * @return the statements; empty where it is no SQL, or where nobody has said what it is
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public Optional<List<Statement>> sql() {
        return Optional.ofNullable(sql);
    }

    /**
     * Returns how many rows each of its statements was run for.
     *
     * @return 1 but for the batch of a prepared statement
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public int rowsOfEach() {
        return perRow ? batchSize : 1;
    }

    /**
     * Returns how many statements or rows went out in this one round trip.
     *
     * @return 1 except for a batch
     */
    public int batchSize() {
        return batchSize;
    }

    /**
     * Says whether this shared its round trip with the operation before it: the client sent it without waiting for the
     * answer to that one.
     *
     * @return false except for a command that was sent in a pipeline, and is not its first
     */
    public boolean isPipelined() {
        return pipelined;
    }

    /**
     * Returns which entries were read: those that a command of a cache server asked for, also where they were not there.
     *
     * @return the keys as text, in the order of the command; empty where it is no such command
     */
    public List<String> reads() {
        return reads;
    }

    /**
     * Returns which entries were of use: those whose value, or a part of it, a command of a cache server was given, or has
     * worked with, such as that of {@code INCR} or {@code GETDEL}. To ask whether there is one, or how long it lives, is of none.
     *
     * @return the keys as text; empty where it is no such command, and where that is not known
     */
    public List<String> found() {
        return found;
    }

    /**
     * Returns which entries a command of a cache server has written, as it left them: not those that it only removes something
     * from, nor what was gone when it had run, and nothing where a fault has lost it. What others are served with then, who wait
     * for an element, is not known.
     *
     * @return the entries, each once; for {@code EXEC}, those of the whole transaction
     */
    public List<Write> writes() {
        return writes;
    }

    /**
     * Returns which of the clients of a cache server asked.
     *
     * @return the number of its connection; 0 where it is no such command
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public long connection() {
        return connection;
    }

    /**
     * Returns which entries are other ones after a command of a cache server, also where it has removed them.
     *
     * @return the keys as text; empty where it may have changed any entry, or it is no such command
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public Optional<Set<String>> changed() {
        return Optional.ofNullable(changed);
    }

    /**
     * Returns the name of the thread that asked.
     *
     * @return the name; for a virtual thread without one, {@code virtual-} and its number; for what came over a socket, the
     *     name of the client or the number of its connection
     */
    public String thread() {
        return thread;
    }

    /**
     * Returns the place of this operation in the order in which operations began, over all scopes.
     *
     * @return the sequence number, unique in this JVM
     */
    public long sequence() {
        return sequence;
    }

    /**
     * Returns where in the application the operation was asked for.
     *
     * @return the call site, such as {@code OrderMapper.toDto(OrderMapper.java:31)}, with its callers after
     *     {@code <-}; empty unless a scope that records call sites was open
     */
    public Optional<String> callSite() {
        return callSite.isEmpty() ? Optional.empty() : Optional.of(callSite.toString());
    }

    /**
     * Tells the ways apart on which lines of the application have asked, of which the {@linkplain #callSite() call site} shows the
     * nearest.
     *
     * @return a hash code of all lines; 0 unless a scope that records call sites was open
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public int callPath() {
        return callSite.path();
    }

    /**
     * Returns those frames of the {@linkplain #callSite() call site} next to which Spring has asked no cache.
     *
     * @return frames of the application, nearest first; empty unless a scope that records call sites was open
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public List<StackTraceElement> framesPastCaches() {
        return callSite.framesPastCaches();
    }

    /**
     * Returns what to do about an operation that belongs to no scope, where its thread has said it.
     *
     * @return the hint; empty for most
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public Optional<String> explanation() {
        return Optional.ofNullable(explanation);
    }

    /**
     * Returns how it ended.
     *
     * @return the outcome
     */
    public Outcome outcome() {
        return outcome;
    }

    /**
     * Returns how long it took, on the real clock.
     *
     * @return the duration, zero while pending
     */
    public Duration duration() {
        return Duration.ofNanos(nanos);
    }

    @Override
    public String toString() {
        return kind + " " + source + ": " + text + (parameters().isEmpty() ? "" : " " + parameters());
    }

    /**
     * What is known of an operation before it leaves. A new one for each operation; not thread-safe.
     *
     * @since 0.1
     */
    public static final class Request {
        private final Kind kind;
        private final String source;
        private final @Nullable String application;
        private final String shape;

        /** Empty for most. */
        private Set<String> reached = Set.of();

        private String text;
        /** The text, or what renders it. */
        private Object parameters = "";

        private long valuesHash;
        private Set<String> actions = Set.of();
        private @Nullable Set<String> targets;
        private @Nullable List<Statement> sql;
        private boolean perRow;
        private int batchSize = 1;
        private boolean pipelined;
        private long connection;
        private List<Scope> owners = List.of();
        private List<String> reads = List.of();
        private List<String> found = List.of();
        private List<Write> writes = List.of();
        private @Nullable Set<String> changed;

        Request(Kind kind, String source, @Nullable String application, String shape) {
            this.kind = kind;
            this.source = source;
            this.application = application;
            this.text = Objects.requireNonNull(shape, "shape");
            this.shape = shortened(shape, LONGEST_TEXT);
        }

        Kind kind() {
            return kind;
        }

        String source() {
            return source;
        }

        String shape() {
            return shape;
        }

        /** Says whether a scope may be the one that asks, as far as it is known which application does. */
        boolean mayBeOf(Scope scope) {
            boolean isOwned = owners.isEmpty() || owners.stream().anyMatch(scope::isInside);
            return isOwned
                    && (application == null
                            || scope.test()
                                    .map(test -> test.mayRunIn(application))
                                    .orElse(true));
        }

        /**
         * Sets who alone may be asking where the thread that does is in no scope.
         *
         * @param owners those who can reach what is asked, of which those that are closed ask for nothing more; empty for all
         * @return this request
         */
        @API(status = API.Status.INTERNAL, since = "0.1")
        public Request ownedBy(Collection<Scope> owners) {
            this.owners = owners.stream().filter(owner -> !owner.isClosed()).toList();
            return this;
        }

        boolean isPipelined() {
            return pipelined;
        }

        void reaches(String other) {
            if (reached.isEmpty()) {
                reached = new LinkedHashSet<>();
            }
            reached.add(other);
        }

        /**
         * Sets the text where it differs from the shape.
         *
         * @param text what is asked, in the words of the thing that is asked
         * @return this request
         */
        public Request text(String text) {
            this.text = Objects.requireNonNull(text, "text");
            return this;
        }

        /**
         * Sets the parameters as they are to be shown.
         *
         * @param parameters the parameters; empty for none
         * @return this request
         */
        public Request parameters(String parameters) {
            this.parameters = Objects.requireNonNull(parameters, "parameters");
            return this;
        }

        /**
         * Sets the parameters as they are to be shown, by what renders them when they are first asked for, if ever.
         *
         * @param parameters renders them, to an empty text for none; called by any thread, more than once if several ask at the
         *     same time. It must hold nothing that may change.
         * @return this request
         */
        @API(status = API.Status.INTERNAL, since = "0.1")
        public Request parameters(Supplier<String> parameters) {
            this.parameters = Objects.requireNonNull(parameters, "parameters");
            return this;
        }

        /**
         * Sets what is done, and to what.
         *
         * <p>These are kept as they are, since this is said of each query: they must not change.
         *
         * @param actions the names of the kinds of its statements
         * @param targets the names of the tables; null where they are not known
         * @param statements the statements one by one; none for a text of comments
         * @param perRow whether each of them is run for each row of a batch, rather than all of them once
         * @return this request
         */
        @API(status = API.Status.INTERNAL, since = "0.1")
        public Request doing(
                Set<String> actions, @Nullable Set<String> targets, List<Statement> statements, boolean perRow) {
            this.actions = actions;
            this.targets = targets;
            this.sql = statements;
            this.perRow = perRow;
            return this;
        }

        /**
         * Sets a hash code of the values of the parameters, of which what is shown may be masked or shortened: see {@link
         * ValuesHash}.
         *
         * @param hash the hash code; 0 for none
         * @return this request
         */
        @API(status = API.Status.INTERNAL, since = "0.1")
        public Request valuesHash(long hash) {
            this.valuesHash = hash;
            return this;
        }

        /**
         * Sets which of the clients of a cache server asks, which its name need not tell.
         *
         * @param connection the number of its connection
         * @return this request
         */
        @API(status = API.Status.INTERNAL, since = "0.1")
        public Request connection(long connection) {
            this.connection = connection;
            return this;
        }

        /**
         * Sets how many statements or rows go out in this one round trip.
         *
         * @param batchSize at least 1
         * @return this request
         */
        public Request batchSize(int batchSize) {
            if (batchSize < 1) {
                throw new IllegalArgumentException("batchSize must be at least 1, but is " + batchSize);
            }
            this.batchSize = batchSize;
            return this;
        }

        void entries(List<String> read, List<String> used, List<Write> written) {
            reads = List.copyOf(read);
            found = List.copyOf(used);
            writes = List.copyOf(written);
        }

        void changed(@Nullable Set<String> keys) {
            changed = keys == null ? null : Set.copyOf(keys);
        }

        /**
         * Says whether it was sent without waiting for the answer to the operation before it, and so shares a round trip.
         *
         * @param pipelined false unless set
         * @return this request
         */
        public Request pipelined(boolean pipelined) {
            this.pipelined = pipelined;
            return this;
        }
    }
}
