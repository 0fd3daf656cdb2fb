package dev.cacheproof;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One operation on its way: begun by {@link Recorder#begin}, ended by the adapter on the same thread; or begun by
 * {@link Recorder#receive}, and ended wherever it is answered. Not thread-safe.
 *
 * <p>An operation is counted when it begins, by every scope that is open then; so a count is right although the
 * operation may still be running when it is read.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Recording {

    static final Recording PART_OF_ANOTHER = new Recording();

    private final Operation.@Nullable Request request;
    private final ProcessState.@Nullable ThreadState thread;
    private final String caller;
    private final @Nullable Scope scope;
    private final List<Scope> witnesses;
    private final @Nullable String explanation;
    private final @Nullable Recording outer;
    private final CallSite callSite;
    private final long sequence;
    private final long startNanos;
    private @Nullable String refusal;
    private boolean ended;

    private Recording() {
        this.request = null;
        this.thread = null;
        this.caller = "";
        this.scope = null;
        this.witnesses = List.of();
        this.explanation = null;
        this.outer = null;
        this.callSite = CallSite.NONE;
        this.sequence = 0;
        this.startNanos = 0;
    }

    private Recording(
            Operation.Request request,
            ProcessState.@Nullable ThreadState thread,
            String caller,
            Attribution attribution) {
        this.request = request;
        this.thread = thread;
        this.caller = caller;
        this.scope = attribution.scope();
        this.witnesses = attribution.witnesses();
        this.explanation = thread == null || scope != null ? null : thread.explanation();
        this.outer = thread == null ? null : thread.running(request.kind());
        this.callSite = thread != null && wantsCallSite() ? CallSite.capture() : CallSite.NONE;
        this.sequence = ProcessState.nextSequence();
        this.startNanos = System.nanoTime();
    }

    private boolean wantsCallSite() {
        return scope != null ? scope.recordsCallSites() : witnesses.stream().anyMatch(Scope::recordsCallSites);
    }

    static Recording begin(Operation.Request request, ProcessState.ThreadState thread) {
        Recording recording = new Recording(request, thread, threadName(), Attribution.of(thread, request));
        recording.count(request);
        thread.running(request.kind(), recording);
        return recording;
    }

    /** Asks the gates whether it may leave; what one of them throws ends it. */
    void passGates() {
        if (request == null || thread == null) {
            return;
        }
        try {
            passGates(request, thread);
        } catch (Throwable thrownByGate) {
            end(Operation.Outcome.failed(thrownByGate));
            throw thrownByGate;
        }
    }

    /** Begins to record what came from somewhere else: the thread here is not the one that asks, so it passes no gates. */
    static Recording receive(Operation.Request request, String caller, Attribution attribution) {
        if (attribution.isOfNobody()) {
            return PART_OF_ANOTHER;
        }
        Recording recording = new Recording(request, null, caller, attribution);
        recording.count(request);
        return recording;
    }

    private void count(Operation.Request request) {
        for (Scope own = scope; own != null; own = own.parent()) {
            own.count(request);
        }
        for (Scope witness : witnesses) {
            witness.countUnattributed(request, caller);
        }
    }

    /** Counts what another source is asked for on the way, for those who look at that source alone. */
    void countPart(Operation.Request part) {
        if (request == null || request.source().equals(part.source())) {
            return;
        }
        request.reaches(part.source());
        for (Scope own = scope; own != null; own = own.parent()) {
            own.countPart(part, request.source());
        }
        for (Scope witness : witnesses) {
            witness.countUnattributedPart(part, caller, request.source());
        }
    }

    private void passGates(Operation.Request request, ProcessState.ThreadState thread) {
        Operation pending = null;
        for (Scope own = scope; own != null; own = own.parent()) {
            for (Gate gate : own.isClosed() ? List.<Gate>of() : own.gates()) {
                pending = pending == null ? operation(request, Operation.Outcome.PENDING, 0) : pending;
                thread.gating(true);
                try {
                    refusal = gate.arrive(pending).refusal();
                } finally {
                    thread.gating(false);
                }
                if (refusal != null) {
                    end(Operation.Outcome.refused(refusal));
                    return;
                }
            }
        }
    }

    /**
     * Returns why the operation must not leave. A refused recording is already ended.
     *
     * @return the reason; null where it may leave
     */
    public @Nullable String refusal() {
        return refusal;
    }

    /**
     * Sets the parameters, where the adapter learns them after the operation began.
     *
     * @param parameters the parameters as they are to be shown
     */
    public void parameters(String parameters) {
        if (request != null) {
            request.parameters(parameters);
        }
    }

    /**
     * Sets which entries of a cache server were read and written, which is known once the command has run.
     *
     * @param read the keys that were asked for
     * @param found those of them, and others, whose values were of use
     * @param written the entries as they were left
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public void entries(List<String> read, List<String> found, List<Operation.Write> written) {
        if (request != null) {
            request.entries(read, found, written);
        }
    }

    /**
     * Sets which entries of a cache server are other ones now, also those that are gone.
     *
     * @param keys the keys as text; null where it may be any
     */
    @API(status = API.Status.INTERNAL, since = "0.1")
    public void changed(@Nullable Set<String> keys) {
        if (request != null) {
            request.changed(keys);
        }
    }

    /**
     * Says whether the details of this operation will be kept, so that an adapter can save the work of rendering them.
     *
     * @return true where a scope keeps them
     */
    public boolean isKept() {
        return scope != null || !witnesses.isEmpty();
    }

    /**
     * Says whether values must not be shown: {@code cacheproof.values = masked} holds for a test that the operation belongs
     * to, or may belong to. Not a matter of the thread that records it, which may be a server's.
     *
     * @return true if an adapter must leave out the values
     */
    public boolean isMasked() {
        for (Scope own = scope; own != null; own = own.parent()) {
            if (own.settings().values() == Settings.Values.MASKED) {
                return true;
            }
        }
        return witnesses.stream().anyMatch(witness -> witness.settings().values() == Settings.Values.MASKED);
    }

    /**
     * Ends the recording and writes the operation down.
     *
     * @param outcome how the operation ended
     */
    public void end(Operation.Outcome outcome) {
        Objects.requireNonNull(outcome, "outcome");
        if (request == null || ended || (thread != null && thread.running(request.kind()) != this)) {
            return;
        }
        ended = true;
        if (thread != null) {
            thread.running(request.kind(), outer);
        }
        if (isKept()) {
            Operation operation = operation(request, outcome, System.nanoTime() - startNanos);
            if (scope != null) {
                scope.keep(operation);
            }
            for (Scope witness : witnesses) {
                witness.keepUnattributed(operation);
            }
        }
    }

    private Operation operation(Operation.Request request, Operation.Outcome outcome, long nanos) {
        return new Operation(request, caller, sequence, callSite, explanation, outcome, nanos);
    }

    private static String threadName() {
        Thread current = Thread.currentThread();
        String name = current.getName();
        return name.isEmpty() ? "virtual-" + threadId(current) : name;
    }

    /** The successor of this method, {@code threadId()}, is not in JDK 17. */
    @SuppressWarnings("deprecation")
    private static long threadId(Thread thread) {
        return thread.getId();
    }
}
