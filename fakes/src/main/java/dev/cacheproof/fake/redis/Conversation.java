package dev.cacheproof.fake.redis;

import dev.cacheproof.Recorder;
import dev.cacheproof.Recording;
import dev.cacheproof.fake.internal.ActiveRule;
import dev.cacheproof.fake.internal.Attempt;
import dev.cacheproof.fake.internal.Effect;
import dev.cacheproof.fake.internal.FaultPlan;
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

    private final Backend backend;
    private final FaultPlan plan;
    private final CommandJournal journal;
    private final Session session;
    private final RespReader reader;
    private final RespWriter writer = new RespWriter();
    private final Disturbance disturbance;

    /** Whether the client waited for all answers before it sent what is read now: it begins another round trip. */
    private boolean waited;

    private boolean midRequest;
    private @Nullable String refusal;

    /** The recording of what a fault has struck last, or of what the client waits for: it may still be held back. */
    private @Nullable Recording unanswered;

    Conversation(Backend backend, FaultPlan plan, CommandJournal journal, Session.Link link) {
        this.backend = backend;
        this.plan = plan;
        this.journal = journal;
        this.session = backend.open(link);
        this.reader = new RespReader(() -> !session.authenticated);
        this.disturbance = new Disturbance(plan, session, writer);
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
        disturbance.pass(plan.decide(() -> CONNECT), effect -> disturbance.strike(effect, Replies.NOTHING), () -> {});
    }

    /** Answers every request that has arrived in full, up to one that is answered later. */
    void answer() {
        answerAll();
        if (backend.broadcast()) {
            deliver();
        }
        if (backend.tellsWhatExpires()) {
            session.link.expectEnd();
        }
    }

    private void answerAll() {
        // What arrives may begin with the rest of a request: whether that has waited was seen when it began.
        if (!midRequest) {
            waited = writer.isEmpty();
        }
        try {
            while (!isOver() && !isPaused()) {
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
            disturbance.reset();
            return;
        }
        List<ActiveRule> firing = plan.decide(() -> describe(request));
        if (plan.needsHistory()) {
            // Where no step of the clock has told that a rule has begun, the first command behind its beginning does.
            backend.keepHistory(true);
        }
        if (firing.isEmpty()) {
            whenAnswered(execute(request, Distortion.NONE, recording), recording, reply -> {
                CommandJournal.end(recording, reply, session, null);
                write(reply);
            });
            return;
        }
        unanswered = recording;
        boolean distorts = firing.stream().anyMatch(each -> each.rule().effect().isSilent());
        Distortion distortion = distorts ? Distortion.of(firing) : Distortion.NONE;
        String loss = loss(firing);
        disturbance.pass(
                loud(firing, false),
                effect -> {
                    CommandJournal.fail(recording, effect.inWords());
                    disturbance.strike(effect, Replies.NOTHING);
                },
                () -> whenAnswered(
                        execute(request, distortion, recording),
                        recording,
                        reply -> disturbance.pass(
                                loud(firing, true),
                                effect -> {
                                    CommandJournal.fail(recording, effect.inWords() + " after it was applied");
                                    disturbance.strike(effect, reply);
                                },
                                () -> {
                                    CommandJournal.end(recording, reply, session, loss);
                                    write(reply);
                                })));
    }

    private @Nullable Reply execute(List<Bytes> request, Distortion distortion, @Nullable Recording recording) {
        if (recording == null || !recording.isKept()) {
            return backend.execute(session, request, distortion, null);
        }
        Footprint footprint = new Footprint();
        Reply reply = backend.execute(session, request, distortion, footprint);
        if (reply instanceof Reply.Awaited) {
            footprint.await(CommandTable.find(request), request, session.database);
        }
        recording.entries(footprint.reads(), footprint.found(), footprint.writes());
        recording.changed(footprint.changes());
        return reply;
    }

    private void whenAnswered(@Nullable Reply reply, @Nullable Recording recording, Consumer<@Nullable Reply> next) {
        if (reply instanceof Reply.Awaited awaited) {
            unanswered = recording;
            disturbance.await(awaited.pending(), next);
            if (awaited.pending().isLimited()) {
                session.link.expectEnd();
            }
        } else {
            next.accept(reply);
        }
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

    private static @Nullable String loss(List<ActiveRule> firing) {
        return firing.stream()
                .map(each -> each.rule().effect())
                .filter(Effect::isLoss)
                .map(Effect::inWords)
                .findFirst()
                .orElse(null);
    }

    private static List<ActiveRule> loud(List<ActiveRule> firing, boolean after) {
        return firing.stream()
                .filter(each -> after == each.rule().strikesAfterApplying())
                .filter(each -> !each.rule().effect().isSilent())
                .toList();
    }

    private void write(@Nullable Reply reply) {
        writeAhead();
        if (reply != null) {
            writer.write(reply, session.protocol);
        }
        write(session.behind);
    }

    private void writeAhead() {
        write(session.ahead);
    }

    private void write(List<Reply> told) {
        told.forEach(each -> writer.write(each, session.protocol));
        told.clear();
    }

    /** Writes what the client is told that is no reply, unless a fault holds it back. */
    void deliver() {
        if (!disturbance.isPaused() || disturbance.isAwaiting()) {
            writeAhead();
            write(session.behind);
            backend.takePushes(session).forEach(each -> writer.write(each, session.protocol));
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
        return disturbance.isPaused();
    }

    /** Says whether the pause lasts until a fault ends. Any thread may ask. */
    boolean isHeld() {
        return disturbance.isHeld();
    }

    /** Says whether the client waits for something that has not come yet. Any thread may ask. */
    boolean isAwaiting() {
        return disturbance.isAwaiting();
    }

    /** Says whether the client waits for something that is on its way. */
    boolean comesSoon() {
        return disturbance.comesSoon();
    }

    /** Says whether the client may be told something that it does not ask for. Any thread may ask. */
    boolean isSubscriber() {
        return session.isSubscriber();
    }

    /** Returns when to try to {@link #resume}, on the clock of {@link System#nanoTime()}; null where that is not known. */
    @Nullable
    Long resumeAt() {
        return disturbance.resumeAt();
    }

    /** Goes on with what has arrived where the pause is over; has no effect before. */
    void resume() {
        settle();
        deliver();
        answer();
    }

    /** Ends a pause that is over with the command that began it, and does nothing about those behind it. */
    void settle() {
        disturbance.goOn();
    }

    /** Says whether nothing follows what is written already. */
    boolean isOver() {
        return session.closing || isReset();
    }

    /** Returns why a gate of the caller's scope has kept a request from leaving; null where none has. */
    @Nullable
    String refusal() {
        return refusal;
    }

    /** Says whether the connection is to end with a reset. */
    boolean isReset() {
        return disturbance.isReset();
    }

    /** Ends it because the client has gone. */
    void leave() {
        end("the client left before the answer");
    }

    /** Ends it from this side. */
    void end() {
        end("the connection was ended before the answer");
    }

    /** What is held back is not answered any more; has no effect on a recording that has ended. */
    private void end(String reason) {
        CommandJournal.fail(unanswered, reason);
        unanswered = null;
        disturbance.end();
        backend.close(session);
    }
}
