package dev.cacheproof.fake.redis;

import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.fake.internal.Attempt;
import dev.cacheproof.fake.internal.Effect;
import dev.cacheproof.fake.internal.FaultPlan;
import dev.cacheproof.fake.internal.Rule;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's requests and their answers, over whatever brings them, and where faults strike: they are decided before the
 * engine's lock is taken. Used by one thread at a time.
 */
final class Conversation {

    private static final Attempt CONNECT = new Attempt("", Set.of(), List.of(), "", 0);

    private final Engine engine;
    private final FaultPlan plan;
    private final CommandJournal journal;
    private final Session session;
    private final RespReader reader;
    private final RespWriter writer = new RespWriter();

    /** What is to be done when the delay is over; nothing else is done before. */
    private @Nullable Runnable rest;

    private long resumeAt;
    private boolean reset;
    private boolean silent;

    /** Whether the client waited for all answers before it sent what is read now: it begins another round trip. */
    private boolean waited;

    private boolean midRequest;
    private @Nullable String refusal;

    Conversation(Engine engine, FaultPlan plan, CommandJournal journal, Session.Link link) {
        this.engine = engine;
        this.plan = plan;
        this.journal = journal;
        this.session = engine.open(link);
        this.reader = new RespReader(() -> !session.authenticated);
    }

    long id() {
        return session.id;
    }

    RespReader input() {
        return reader;
    }

    RespWriter output() {
        return writer;
    }

    /** Lets faults strike that are about connecting. */
    void begin() {
        for (Rule rule : plan.decide(() -> CONNECT)) {
            if (rule.effect() instanceof Effect.Delay delay) {
                pause(delay.duration(), () -> {});
            } else {
                strike(rule.effect(), Replies.NOTHING);
            }
        }
    }

    /** Answers every request that has arrived in full, up to one that is answered later. */
    void answer() {
        // What arrives may begin with the rest of a request: whether that has waited was seen when it began.
        if (!midRequest) {
            waited = writer.isEmpty();
        }
        try {
            while (!session.closing && !reset && !silent && !isPaused()) {
                List<Bytes> request = reader.next();
                if (request == null) {
                    midRequest = reader.isMidRequest();
                    return;
                }
                if (!request.isEmpty()) {
                    answer(request);
                }
            }
        } catch (RespReader.ProtocolError error) {
            writer.write(Replies.error(String.valueOf(error.getMessage())), session.protocol);
            session.closing = true;
        }
    }

    private void answer(List<Bytes> request) {
        Recording recording = record(request);
        if (recording != null && recording.refusal() != null) {
            // Nothing has left the client, as far as the server can tell.
            refusal = recording.refusal();
            reset = true;
            return;
        }
        List<Rule> firing = plan.decide(() -> describe(request));
        if (firing.isEmpty()) {
            Reply reply = engine.execute(session, request, Distortion.NONE);
            CommandJournal.end(recording, reply, session, null);
            write(reply);
            return;
        }
        boolean distorts = firing.stream().anyMatch(each -> each.effect().isSilent());
        Distortion distortion = distorts ? Distortion.of(firing) : Distortion.NONE;
        String loss = loss(firing);
        List<Effect> before = loud(firing, false);
        List<Effect> after = loud(firing, true);
        in(before, terminal -> {
            if (terminal != null) {
                CommandJournal.fail(recording, terminal.inWords());
                strike(terminal, Replies.NOTHING);
                return;
            }
            Reply reply = engine.execute(session, request, distortion);
            in(after, last -> {
                if (last == null) {
                    CommandJournal.end(recording, reply, session, loss);
                    write(reply);
                } else {
                    CommandJournal.fail(recording, last.inWords() + " after it was applied");
                    strike(last, reply);
                }
            });
        });
    }

    private @Nullable Recording record(List<Bytes> request) {
        if (Recorder.isIdle()) {
            return null;
        }
        Command command = CommandTable.find(request);
        // Not waited for, though it may seem so where the answer, QUEUED, was sent before EXEC arrived.
        boolean queued = session.inTransaction() && session.isLettuce() && !isImmediate(command);
        Recording recording = journal.begin(session, command, request, !waited || queued);
        waited &= queued || recording == null;
        return recording;
    }

    private static @Nullable String loss(List<Rule> firing) {
        return firing.stream()
                .map(Rule::effect)
                .filter(Effect::isLoss)
                .map(Effect::inWords)
                .findFirst()
                .orElse(null);
    }

    private static List<Effect> loud(List<Rule> firing, boolean after) {
        return firing.stream()
                .filter(each -> after == (each.phase() == Rule.Phase.AFTER_APPLYING))
                .map(Rule::effect)
                .filter(each -> !each.isSilent())
                .toList();
    }

    /** Waits as long as all delays say, then goes on with the first effect that is none; null where there is none. */
    private void in(List<Effect> effects, Consumer<@Nullable Effect> next) {
        Duration delay = Duration.ZERO;
        Effect terminal = null;
        for (Effect each : effects) {
            if (each instanceof Effect.Delay some) {
                delay = delay.plus(some.duration());
            } else if (terminal == null) {
                terminal = each;
            }
        }
        Effect first = terminal;
        if (delay.isZero()) {
            next.accept(first);
        } else {
            pause(delay, () -> next.accept(first));
        }
    }

    private void pause(Duration duration, Runnable next) {
        resumeAt = System.nanoTime() + duration.toNanos();
        rest = next;
    }

    private void strike(Effect effect, @Nullable Reply reply) {
        if (effect instanceof Effect.Reset) {
            reset = true;
        } else if (effect instanceof Effect.Disconnect) {
            session.closing = true;
        } else if (effect instanceof Effect.Silence) {
            silent = true;
        } else if (effect instanceof Effect.ErrorReply error) {
            write(Replies.error(error.text()));
        } else if (effect instanceof Effect.Garbage garbage) {
            writer.append(garbage.text().getBytes(StandardCharsets.ISO_8859_1));
        } else if (effect instanceof Effect.Truncate truncate) {
            RespWriter whole = new RespWriter();
            whole.write(reply == null ? Replies.NOTHING : reply, session.protocol);
            writer.append(Arrays.copyOf(whole.bytes(), Math.min(truncate.bytes(), whole.size())));
            session.closing = true;
        }
    }

    private void write(@Nullable Reply reply) {
        if (reply != null) {
            writer.write(reply, session.protocol);
        }
    }

    private static boolean isImmediate(@Nullable Command command) {
        return command != null && command.is(Command.Trait.IMMEDIATE);
    }

    private Attempt describe(List<Bytes> request) {
        Command command = CommandTable.find(request.get(0));
        Command specific = CommandTable.find(request);
        Bytes client = session.name;
        return new Attempt(
                request.get(0).lowerCase().text(),
                command == null ? Set.of() : command.kinds(),
                specific == null
                        ? List.of()
                        : specific.keysOf(request).stream().map(Bytes::text).toList(),
                client == null ? "" : client.text(),
                request.stream().mapToInt(Bytes::length).max().orElse(0));
    }

    /** Says whether nothing is done until {@link #resume}. */
    boolean isPaused() {
        return rest != null;
    }

    /** Returns when the pause ends, on the clock of {@link System#nanoTime()}. */
    long resumeAt() {
        return resumeAt;
    }

    /** Goes on after a pause. */
    void resume() {
        Runnable next = rest;
        rest = null;
        if (next != null) {
            next.run();
        }
        answer();
    }

    /** Says whether nothing follows what is written already. */
    boolean isOver() {
        return session.closing || reset;
    }

    /** Returns why a gate of the caller's scope has kept a request from leaving; null where none has. */
    @Nullable
    String refusal() {
        return refusal;
    }

    /** Says whether the connection is to end with a reset. */
    boolean isReset() {
        return reset;
    }

    void end() {
        rest = null;
        engine.close(session);
    }
}
