package dev.cacheproof.fake;

import dev.cacheproof.fake.internal.Rule;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What one method of {@link Fault} changes in a rule. Used at once, by one thread. */
final class Change {

    private @Nullable Set<String> commands;
    private Rule.@Nullable Phase phase;
    private @Nullable Pattern keys;
    private @Nullable Pattern client;
    private int atLeast;
    private long nth;
    private long first;
    private long every;
    private double probability;
    private long seed;
    private @Nullable Duration startingIn;
    private @Nullable Duration lasting;
    private boolean mustFire;

    Change commands(Set<String> value) {
        commands = value;
        return this;
    }

    Change phase(Rule.Phase value) {
        phase = value;
        return this;
    }

    Change keys(Pattern value) {
        keys = value;
        return this;
    }

    Change client(Pattern value) {
        client = value;
        return this;
    }

    Change atLeast(int value) {
        atLeast = value;
        return this;
    }

    Change nth(long value) {
        nth = value;
        return this;
    }

    Change first(long value) {
        first = value;
        return this;
    }

    Change every(long value) {
        every = value;
        return this;
    }

    Change chance(double value, long itsSeed) {
        probability = value;
        seed = itsSeed;
        return this;
    }

    Change startingIn(Duration value) {
        startingIn = value;
        return this;
    }

    Change lasting(Duration value) {
        lasting = value;
        return this;
    }

    Change mustFire() {
        mustFire = true;
        return this;
    }

    Rule applyTo(Rule rule) {
        boolean byChance = probability > 0;
        return new Rule(
                rule.effect(),
                phase == null ? rule.phase() : phase,
                commands == null ? rule.commands() : commands,
                keys == null ? rule.keys() : keys,
                client == null ? rule.client() : client,
                atLeast == 0 ? rule.atLeastBytes() : atLeast,
                nth == 0 ? rule.nth() : nth,
                first == 0 ? rule.first() : first,
                every == 0 ? rule.every() : every,
                byChance ? probability : rule.probability(),
                byChance ? seed : rule.seed(),
                startingIn == null ? rule.startingIn() : startingIn,
                lasting == null ? rule.lasting() : lasting,
                mustFire || rule.mustFire());
    }
}
