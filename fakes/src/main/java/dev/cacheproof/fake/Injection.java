package dev.cacheproof.fake;

import dev.cacheproof.fake.internal.ActiveRule;
import java.util.List;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * A fault or condition that a fake is under, until it is closed or the fake is. Thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class Injection implements AutoCloseable {

    private final Faults faults;
    private final List<ActiveRule> rules;

    Injection(Faults faults, List<ActiveRule> rules) {
        this.faults = faults;
        this.rules = rules;
    }

    /**
     * Counts how often it fired.
     *
     * @return how often
     */
    public long hits() {
        return rules.stream().mapToLong(ActiveRule::hits).sum();
    }

    List<ActiveRule> rules() {
        return rules;
    }

    /**
     * Ends it; has no effect on one that ended.
     *
     * @throws AssertionError if it had to fire and never did
     */
    @Override
    public void close() {
        if (faults.end(this)) {
            faults.requireFired(rules);
        }
    }

    /** Describes it, with the seed where chance decides, and how often it has fired. */
    @Override
    public String toString() {
        return rules.stream().map(ActiveRule::toString).collect(Collectors.joining("; "));
    }
}
