package dev.cacheproof.fake.redis;

import dev.cacheproof.Operation;
import dev.cacheproof.Operation.Outcome;
import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.Scope;
import dev.cacheproof.ValuesHash;
import dev.cacheproof.fake.internal.Attempt;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes what clients ask of one fake into the journal, but for what they ask about their connection alone: that shows no
 * password, and a pool that connects does not change a count. Thread-safe.
 */
final class CommandJournal {

    private static final Set<String> OF_THE_CONNECTION = Set.of("ping", "quit", "reset");
    private static final String NOT_YET = Outcome.NOT_IN_FAKE + ", though redis-server 7.0 knows it";
    private static final int KEYS_SHOWN = 5;
    private static final int LONGEST_KEY = 200;
    private static final int LONGEST_VALUE = 40;

    private final Recorder recorder;

    /** Those who may be asking where the calling thread is not known; more than one where tests share the fake. */
    private final Set<Scope> owners = new CopyOnWriteArraySet<>();

    CommandJournal(String name, @Nullable String application) {
        this.recorder = Recorder.of(Operation.Kind.COMMAND, name).within(application);
    }

    /**
     * Declares that clients can be seen, until what this returns is closed.
     *
     * @param catchingUp records what has reached the sockets; false where it cannot in time
     */
    Recorder.Watch watch(BooleanSupplier catchingUp) {
        return recorder.watch(scope -> !mayBeOf(scope) || catchingUp.getAsBoolean());
    }

    /** What another test's fake has received does not matter. */
    private boolean mayBeOf(@Nullable Scope scope) {
        Set<Scope> asking = owners();
        return asking.isEmpty() || (scope != null && asking.stream().anyMatch(owner -> owner.root() == scope.root()));
    }

    String name() {
        return recorder.source();
    }

    Runnable addOwner(Scope owner) {
        owners().add(owner);
        return () -> owners.remove(owner);
    }

    /** Returns those who may be asking. One that has ended is forgotten: with it, its whole journal would be kept. */
    Set<Scope> owners() {
        owners.removeIf(Scope::isClosed);
        return owners;
    }

    /**
     * Begins to record a request; null where it is about the connection alone.
     * In process this is the thread that asks: its scope is known, or that it is in none, and gates may hold it. One that
     * serves sockets is in no scope.
     */
    @Nullable
    Recording begin(Session session, @Nullable Command command, List<Bytes> request, boolean pipelined) {
        if (command != null && isOfTheConnection(command)) {
            return null;
        }
        Operation.Request described =
                describe(command, request).pipelined(pipelined).connection(session.id);
        Recording recording = session.link.isCallers() || Scope.current().isPresent()
                ? recorder.begin(described.ownedBy(owners()))
                : recorder.receive(described, ownersOf(request), session.label());
        // Until it runs: a fault may keep it from that.
        recording.changed(Set.of());
        if (command != null && recording.isKept()) {
            described.valuesHash(hash(session, request));
            recording.parameters(arguments(command, request, recording.isMasked()));
        }
        return recording;
    }

    /** One and the same command asks for something else in another database. */
    private static long hash(Session session, List<Bytes> request) {
        long hash = session.database;
        for (Bytes word : request) {
            hash = ValuesHash.of(hash, ValuesHash.of(word.array()));
        }
        return hash;
    }

    private Collection<Scope> ownersOf(List<Bytes> request) {
        Optional<Scope> sender =
                Scope.senderOf((command, argument) -> request.get(0).is(command)
                        && request.stream().anyMatch(word -> word.text().equals(argument)));
        return sender.<Collection<Scope>>map(Set::of).orElseGet(this::owners);
    }

    private static boolean isOfTheConnection(Command command) {
        return command.kinds().contains(Attempt.Kind.HANDSHAKE) || OF_THE_CONNECTION.contains(command.name());
    }

    private Operation.Request describe(@Nullable Command command, List<Bytes> request) {
        if (command == null) {
            return recorder.request(shown(request.get(0)), "");
        }
        String name = command.name().replace('|', ' ').toUpperCase(Locale.ROOT);
        List<Bytes> keys = command.keysOf(request);
        if (keys.size() <= 1) {
            return recorder.request(name, keys.isEmpty() ? "" : shown(keys.get(0)));
        }
        StringBuilder text = new StringBuilder(name);
        keys.stream().limit(KEYS_SHOWN).forEach(key -> text.append(' ').append(shown(key)));
        if (keys.size() > KEYS_SHOWN) {
            text.append(" ... (").append(keys.size()).append(" keys)");
        }
        return recorder.request(name, shown(keys.get(0)) + " ...").text(text.toString());
    }

    private static String shown(Bytes key) {
        String text = key.text();
        return text.length() <= LONGEST_KEY ? text : text.substring(0, LONGEST_KEY) + "...";
    }

    /** Renders what is neither the command nor a key: values, times to live, options. */
    private static String arguments(Command command, List<Bytes> request, boolean masked) {
        StringBuilder text = null;
        for (int i = command.words(); i < request.size(); i++) {
            if (command.isKey(i, request)) {
                continue;
            }
            text = text == null ? new StringBuilder("[") : text.append(", ");
            text.append(masked ? "?" : argument(request.get(i)));
        }
        return text == null ? "" : text.append(']').toString();
    }

    private static String argument(Bytes argument) {
        return argument.length() <= LONGEST_VALUE && argument.isReadable()
                ? argument.text()
                : "(" + argument.length() + " bytes)";
    }

    /**
     * Ends the recording of a command that has run.
     *
     * @param loss what a fault has done to it that its client cannot notice; null where none has
     */
    static void end(@Nullable Recording recording, @Nullable Reply reply, Session session, @Nullable String loss) {
        if (recording == null) {
            return;
        }
        if (reply instanceof Reply.Failure failure) {
            recording.end(new Outcome(Outcome.Status.FAILED, reason(failure)));
        } else if (session.misses > 0) {
            recording.end(new Outcome(Outcome.Status.MISS, loss));
        } else {
            recording.end(new Outcome(session.hits > 0 ? Outcome.Status.HIT : Outcome.Status.DONE, loss));
        }
    }

    /** The client is told what redis-server would tell it, which misleads whoever reads only that. */
    private static String reason(Reply.Failure failure) {
        String unknown = failure.unknown();
        return unknown != null && RealCommands.contains(unknown) ? NOT_YET : failure.text();
    }

    /** Ends the recording of a command that a fault has struck. */
    static void fail(@Nullable Recording recording, String fault) {
        if (recording != null) {
            recording.end(new Outcome(Outcome.Status.FAILED, fault));
        }
    }
}
