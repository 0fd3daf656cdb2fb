package dev.cacheproof.fake;

import dev.cacheproof.fake.Contradictions.Call;
import dev.cacheproof.fake.internal.Effect;
import dev.cacheproof.fake.internal.Rule;
import dev.cacheproof.fake.internal.Rule.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * A rule by which a fake fails: <em>what</em> happens, to <em>which</em> commands, <em>when</em>, and at which point of a
 * command's life. Says nothing by itself; give it to {@link Faults#inject}.
 *
 * <pre>{@code
 * redis.faults().inject(Fault.error("OOM command not allowed when used memory > 'maxmemory'.").on("SET").nth(2));
 * redis.faults().inject(Fault.lostDelete().onKeys("user:*").mustFire());
 * redis.faults().inject(Fault.reset().afterApplying().withProbability(0.1, 42));
 * }</pre>
 *
 * <p>Without {@link #on}, it is about all commands that it can happen to, but for those by which a client introduces itself.
 * Immutable: each method returns a new fault; one that contradicts another that was called before throws an
 * {@link IllegalArgumentException} that names both.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Fault {

    private static final int READABLE = 60;

    /** In real time, which a test does not want to spend; but longer than any client waits. */
    private static final Duration LONGEST_DELAY = Duration.ofDays(1);

    /** As long as a clock can show: in a fake's time. */
    private static final Duration LONGEST = Duration.ofDays(365 * 290);

    private final Rule rule;
    private final String description;
    private final List<Call> calls;

    private Fault(Rule rule, String description, List<Call> calls) {
        this.rule = rule;
        this.description = description;
        this.calls = calls;
    }

    private static Fault of(Effect effect, Phase phase, Call call, String description) {
        Rule always = new Rule(effect, phase, Set.of(), null, null, 0, 0, 0, 1, 1, 0, Duration.ZERO, null, false);
        return new Fault(always, description, List.of(call));
    }

    private static Fault of(Effect effect, Call call, String description) {
        return of(effect, Phase.BEFORE_APPLYING, call, description);
    }

    /**
     * Ends the connection with a reset (RST).
     *
     * @return the fault
     */
    public static Fault reset() {
        return of(new Effect.Reset(), Call.of("reset", ""), "reset");
    }

    /**
     * Ends the connection in good order (FIN), as a server that is shut down. Lettuce sends the command again.
     *
     * @return the fault
     */
    public static Fault disconnect() {
        return of(new Effect.Disconnect(), Call.of("disconnect", ""), "disconnect");
    }

    /**
     * Never answers, and leaves the connection open. In process, the client's time-out comes at once.
     *
     * <p>What follows on the same connection waits as well. When the fault ends, all that is answered, late and in order,
     * before {@link Injection#close()} or the step of the clock returns; but what a client has given up on, by closing its
     * connection, is not done.
     *
     * @return the fault
     */
    public static Fault silence() {
        return of(new Effect.Silence(), Call.of("silence", ""), "silence");
    }

    /**
     * Answers later, in real time; commands behind it on the same connection wait.
     *
     * @param duration how much later; positive, at most a day
     * @return the fault
     */
    public static Fault delay(Duration duration) {
        requirePositive("duration", duration, LONGEST_DELAY, "a day");
        return of(new Effect.Delay(duration), Call.of("delay", duration), "delay of " + duration.toMillis() + " ms");
    }

    /**
     * Answers with an error.
     *
     * @param text the error, its code first: {@code LOADING Redis is loading the dataset in memory}
     * @return the fault
     */
    public static Fault error(String text) {
        if (Objects.requireNonNull(text, "text").isBlank() || text.contains("\n") || text.contains("\r")) {
            throw new IllegalArgumentException(
                    "text must be one line, such as \"OOM out of memory\", but is \"" + text + "\"");
        }
        String code = text.length() > READABLE ? text.substring(0, READABLE) + "..." : text;
        return of(new Effect.ErrorReply(text), Call.of("error", "..."), "error \"" + code + "\"");
    }

    /**
     * Sends the beginning of the answer, and ends the connection; the command has run.
     *
     * @param bytes how much of the answer; not negative
     * @return the fault
     */
    public static Fault truncate(int bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("bytes must not be negative, but is " + bytes);
        }
        return of(
                new Effect.Truncate(bytes),
                Phase.AFTER_APPLYING,
                Call.of("truncate", bytes),
                "answer cut off after " + bytes + " bytes");
    }

    /**
     * Sends bytes in place of the answer; the command has run.
     *
     * @param text the bytes, one per character; not empty
     * @return the fault
     */
    public static Fault garbage(String text) {
        if (Objects.requireNonNull(text, "text").isEmpty()) {
            throw new IllegalArgumentException("text must not be empty; for no answer at all, use silence()");
        }
        return of(new Effect.Garbage(text), Phase.AFTER_APPLYING, Call.of("garbage", "..."), "garbage");
    }

    /**
     * Acknowledges a write and does not make it.
     *
     * @return the fault
     */
    public static Fault lostWrite() {
        return of(new Effect.Drop(false), Call.of("lostWrite", ""), "lost write");
    }

    /**
     * Acknowledges a delete and does not make it.
     *
     * @return the fault
     */
    public static Fault lostDelete() {
        return of(new Effect.Drop(true), Call.of("lostDelete", ""), "lost delete");
    }

    /**
     * Drops an entry as soon as it is written.
     *
     * @return the fault
     */
    public static Fault eviction() {
        return of(new Effect.Evict(), Call.of("eviction", ""), "eviction");
    }

    /**
     * Answers a read as if there were no entry.
     *
     * @return the fault
     */
    public static Fault falseMiss() {
        return of(new Effect.FalseMiss(), Call.of("falseMiss", ""), "false miss");
    }

    /**
     * Answers a read as if there were no entry, where the value is empty or is a marker for "known to be missing".
     *
     * @param markers the application's markers, besides the empty value
     * @return the fault
     */
    public static Fault emptyMiss(String... markers) {
        for (String each : Objects.requireNonNull(markers, "markers")) {
            Objects.requireNonNull(each, "markers");
        }
        return of(
                new Effect.EmptyMiss(Set.copyOf(Arrays.asList(markers))),
                Call.of("emptyMiss", "..."),
                "miss for an empty value");
    }

    /**
     * Answers a read from the state in which the fault was injected, as a replica that lags behind does.
     *
     * @return the fault
     */
    public static Fault staleRead() {
        return of(new Effect.Stale(), Call.of("staleRead", ""), "stale read");
    }

    /**
     * Makes a change that no client is told of: neither those that keep what they read in a cache of their own
     * ({@code CLIENT TRACKING}), nor those that listen to events about keys. As on a real server whose message was lost, such
     * a client is told of later changes only when it has read the entry again. What expires is no command's change, and told.
     *
     * @return the fault
     */
    public static Fault lostInvalidation() {
        return of(new Effect.Untold(), Call.of("lostInvalidation", ""), "lost invalidation");
    }

    /**
     * Restricts it to commands.
     *
     * @param commands their names, in any case; at least one
     * @return the restricted fault
     */
    public Fault on(String... commands) {
        Set<String> names = new LinkedHashSet<>();
        for (String each : Objects.requireNonNull(commands, "commands")) {
            names.add(Objects.requireNonNull(each, "commands").toLowerCase(Locale.ROOT));
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("commands must name at least one; leave on(...) out for all");
        }
        String shown = names.stream().map(each -> each.toUpperCase(Locale.ROOT)).collect(Collectors.joining(", "));
        return change(Call.of("on", shown), new Change().commands(names), " on " + shown);
    }

    /**
     * Restricts it to commands with such a key.
     *
     * @param glob the key; a {@code *} stands for anything, a {@code ?} for one character
     * @return the restricted fault
     */
    public Fault onKeys(String glob) {
        return change(Call.of("onKeys", glob), new Change().keys(pattern("glob", glob)), " on keys " + glob);
    }

    /**
     * Restricts it to clients that gave themselves such a name.
     *
     * @param glob the name; a {@code *} stands for anything, a {@code ?} for one character
     * @return the restricted fault
     */
    public Fault ofClient(String glob) {
        return change(Call.of("ofClient", glob), new Change().client(pattern("glob", glob)), " of client " + glob);
    }

    /**
     * Restricts it to commands with a word, such as a value, that is so long.
     *
     * @param bytes the least length; positive
     * @return the restricted fault
     */
    public Fault atLeast(int bytes) {
        requirePositive("bytes", bytes);
        return change(Call.of("atLeast", bytes), new Change().atLeast(bytes), " of at least " + bytes + " bytes");
    }

    /**
     * Lets it fire at one match only.
     *
     * @param match which one; from 1
     * @return the restricted fault
     */
    public Fault nth(int match) {
        requirePositive("match", match);
        return change(Call.of("nth", match), new Change().nth(match), ", match " + match + " only");
    }

    /**
     * Lets it fire at the first matches only.
     *
     * @param matches how many; positive
     * @return the restricted fault
     */
    public Fault first(int matches) {
        requirePositive("matches", matches);
        return change(Call.of("first", matches), new Change().first(matches), ", the first " + matches + " only");
    }

    /**
     * Lets it fire at every so manieth match.
     *
     * @param interval each which one; positive
     * @return the restricted fault
     */
    public Fault every(int interval) {
        requirePositive("interval", interval);
        return change(Call.of("every", interval), new Change().every(interval), ", each " + interval + ". match");
    }

    /**
     * Lets chance decide at each match, by a seed of its own, which {@link Injection#toString} and failures show.
     *
     * @param probability above 0, at most 1
     * @return the restricted fault
     */
    public Fault withProbability(double probability) {
        return withProbability(probability, System.nanoTime());
    }

    /**
     * Lets chance decide at each match, in the same way whenever the seed is the same.
     *
     * @param probability above 0, at most 1
     * @param seed what chance depends on
     * @return the restricted fault
     */
    public Fault withProbability(double probability, long seed) {
        if (!(probability > 0 && probability <= 1)) {
            throw new IllegalArgumentException("probability must be above 0 and at most 1, but is " + probability);
        }
        return change(
                Call.of("withProbability", probability),
                new Change().chance(probability, seed),
                ", with probability " + probability + " (seed " + seed + ")");
    }

    /**
     * Lets it begin some time after its injection, in the fake's time.
     *
     * @param delay how long after; not negative, at most 290 years
     * @return the restricted fault
     */
    public Fault startingIn(Duration delay) {
        if (Objects.requireNonNull(delay, "delay").isNegative()) {
            throw new IllegalArgumentException(
                    "delay must not be negative, but is " + delay + ": a fault can not begin in the past");
        }
        requireAtMost("delay", delay, LONGEST, "290 years");
        return change(Call.of("startingIn", delay), new Change().startingIn(delay), ", starting in " + delay);
    }

    /**
     * Lets it end by itself, in the fake's time.
     *
     * @param duration how long it lasts; positive, at most 290 years
     * @return the restricted fault
     */
    public Fault lasting(Duration duration) {
        requirePositive("duration", duration, LONGEST, "290 years");
        return change(Call.of("lasting", duration), new Change().lasting(duration), ", lasting " + duration);
    }

    /**
     * Lets it strike when a client connects.
     *
     * @return the changed fault
     */
    public Fault onConnect() {
        return strikeAt("onConnect", Phase.CONNECT, " on connect");
    }

    /**
     * Lets it strike the commands by which a client introduces itself: HELLO, AUTH, CLIENT, SELECT.
     *
     * @return the changed fault
     */
    public Fault duringHandshake() {
        return strikeAt("duringHandshake", Phase.HANDSHAKE, " during the handshake");
    }

    /**
     * Lets it strike when a command has run and is not answered yet: the change is made, and the client does not know.
     *
     * @return the changed fault
     */
    public Fault afterApplying() {
        return strikeAt("afterApplying", Phase.AFTER_APPLYING, " after applying");
    }

    /**
     * Makes it an error if it never fires, which the end of the injection or of the fake reports.
     *
     * @return the changed fault
     */
    public Fault mustFire() {
        return change(Call.of("mustFire", ""), new Change().mustFire(), "");
    }

    private Fault strikeAt(String method, Phase phase, String text) {
        return change(Call.of(method, ""), new Change().phase(phase), rule.phase() == phase ? "" : text);
    }

    private Fault change(Call call, Change change, String text) {
        Contradictions.refuse(call, calls);
        List<Call> all = new ArrayList<>(calls);
        all.add(call);
        return new Fault(change.applyTo(rule), description + text, List.copyOf(all));
    }

    private static Pattern pattern(String parameter, String glob) {
        if (Objects.requireNonNull(glob, parameter).isEmpty()) {
            throw new IllegalArgumentException(parameter + " must not be empty: it would match nothing");
        }
        String regex = glob.chars()
                .mapToObj(each -> each == '*' ? ".*" : each == '?' ? "." : Pattern.quote(String.valueOf((char) each)))
                .collect(Collectors.joining());
        return Pattern.compile(regex, Pattern.DOTALL);
    }

    private static void requirePositive(String parameter, int number) {
        if (number < 1) {
            throw new IllegalArgumentException(parameter + " must be at least 1, but is " + number);
        }
    }

    private static void requirePositive(String parameter, Duration duration, Duration longest, String inWords) {
        if (Objects.requireNonNull(duration, parameter).isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(parameter + " must be positive, but is " + duration);
        }
        requireAtMost(parameter, duration, longest, inWords);
    }

    private static void requireAtMost(String parameter, Duration duration, Duration longest, String inWords) {
        if (duration.compareTo(longest) > 0) {
            throw new IllegalArgumentException(parameter + " must be at most " + inWords + ", but is " + duration);
        }
    }

    Rule rule() {
        return rule;
    }

    /** Describes it in words. */
    @Override
    public String toString() {
        return description;
    }
}
