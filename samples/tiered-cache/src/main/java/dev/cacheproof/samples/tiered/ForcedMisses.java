package dev.cacheproof.samples.tiered;

import java.util.Objects;
import java.util.function.Predicate;

/**
 * Decides which requests {@linkplain RequestScope#forceMiss() force a miss}: those that ask for it, and may. Applied after
 * the request's scope was opened, and after its user was authenticated. {@link ForcedMissFilter} does that in a servlet
 * container; elsewhere, it is done by hand. Immutable and thread-safe.
 *
 * <pre>{@code
 * ForcedMisses<Message> misses = ForcedMisses.<Message>askedFor(message -> message.has("force-cache-miss"))
 *         .permittedTo(message -> message.sender().isStaff());
 * }</pre>
 *
 * @param <R> what the application knows about a request
 */
public final class ForcedMisses<R> {

    private final Predicate<? super R> asked;
    private final Predicate<? super R> permitted;

    private ForcedMisses(Predicate<? super R> asked, Predicate<? super R> permitted) {
        this.asked = Objects.requireNonNull(asked, "asked");
        this.permitted = Objects.requireNonNull(permitted, "permitted");
    }

    /**
     * Says which requests ask for a miss. Nobody is permitted to force it until {@link #permittedTo} says who.
     *
     * @param asked recognizes such a request
     * @param <R> what the application knows about a request
     * @return the decision, which refuses all
     */
    public static <R> ForcedMisses<R> askedFor(Predicate<? super R> asked) {
        return new ForcedMisses<>(asked, nobody -> false);
    }

    /**
     * Says who may force a miss: it makes the servers work, so it is not for everyone.
     *
     * @param permitted recognizes a request of somebody who may
     * @return the decision
     */
    public ForcedMisses<R> permittedTo(Predicate<? super R> permitted) {
        return new ForcedMisses<>(asked, permitted);
    }

    /**
     * Forces a miss for the rest of the request, if it asks for that and may.
     *
     * @param request the request
     * @param scope its scope
     */
    public void apply(R request, RequestScope scope) {
        if (asked.test(request) && permitted.test(request)) {
            scope.forceMiss();
        }
    }
}
