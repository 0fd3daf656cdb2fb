package dev.cacheproof.fake.internal;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Where, when, at which point, and what. Immutable.
 *
 * @param effect what it does
 * @param phase at which point
 * @param commands the names in lower case; empty for all that the phase and the effect fit
 * @param keys the keys that it is about; null for all
 * @param client the names of clients that it is about; null for all
 * @param atLeastBytes the length from which on it is about a request
 * @param nth the only match at which it fires; 0 for no such limit
 * @param first how many matches it fires at; 0 for no such limit
 * @param every the matches of which it fires at each last one; 1 for each
 * @param probability how likely it fires at a match
 * @param seed what chance depends on
 * @param startingIn how long after its injection it begins
 * @param lasting how long it lasts; null for no end
 * @param mustFire whether it is an error if it never fires
 */
@API(status = API.Status.INTERNAL, since = "0.1")
public record Rule(
        Effect effect,
        Phase phase,
        Set<String> commands,
        @Nullable Pattern keys,
        @Nullable Pattern client,
        int atLeastBytes,
        long nth,
        long first,
        long every,
        double probability,
        long seed,
        Duration startingIn,
        @Nullable Duration lasting,
        boolean mustFire) {

    /** The points of a command's life at which a fault may strike. */
    public enum Phase {
        /** A client connects. */
        CONNECT,
        /** A client introduces itself. */
        HANDSHAKE,
        /** A command has arrived. */
        BEFORE_APPLYING,
        /** A command has run, its answer is not sent. */
        AFTER_APPLYING
    }

    /**
     * Says whether this is about an attempt, whatever the time.
     *
     * @param attempt the command or connection
     * @return whether it is
     */
    public boolean matches(Attempt attempt) {
        return fitsPhase(attempt)
                && fitsEffect(attempt.kinds())
                && (commands.isEmpty() || commands.contains(attempt.command()))
                && attempt.bytes() >= atLeastBytes
                && (client == null || client.matcher(attempt.client()).matches())
                && fitsKeys(attempt.keys());
    }

    /**
     * Says whether this is about a command with some keys.
     *
     * @param those the keys
     * @return whether it is
     */
    public boolean fitsKeys(List<String> those) {
        return keys == null || those.stream().anyMatch(key -> keys.matcher(key).matches());
    }

    /**
     * Says whether the command has run when this strikes. What becomes of an answer can happen only where there is one.
     *
     * @return whether it has
     */
    public boolean strikesAfterApplying() {
        return phase == Phase.AFTER_APPLYING || effect instanceof Effect.Truncate || effect instanceof Effect.Garbage;
    }

    private boolean fitsPhase(Attempt attempt) {
        boolean connects = attempt.command().isEmpty();
        boolean handshake = attempt.kinds().contains(Attempt.Kind.HANDSHAKE);
        return switch (phase) {
            case CONNECT -> connects;
            case HANDSHAKE -> handshake;
            // Whoever names a command of the handshake means it.
            default -> !connects && (!handshake || commands.contains(attempt.command()));
        };
    }

    /**
     * Says whether the effect can be seen on a command.
     *
     * @param kinds what the command does
     * @return whether it can
     */
    public boolean fitsEffect(Set<Attempt.Kind> kinds) {
        if (effect instanceof Effect.Drop drop) {
            return kinds.contains(drop.deletes() ? Attempt.Kind.DELETE : Attempt.Kind.WRITE);
        }
        if (effect instanceof Effect.Evict) {
            return kinds.contains(Attempt.Kind.WRITE);
        }
        if (effect instanceof Effect.Untold) {
            return kinds.contains(Attempt.Kind.WRITE) || kinds.contains(Attempt.Kind.DELETE);
        }
        return !effect.isSilent() || kinds.contains(Attempt.Kind.READ);
    }
}
