package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Commands that a fake refused because it lacks them. The code under test then does what it does without its cache, which
 * looks like a mistake in its caching.
 */
record LackingCommands(List<Operation> refused) {

    static LackingCommands in(Measurement<?>... runs) {
        return new LackingCommands(Stream.of(runs)
                .flatMap(run -> run.cacheCommands().retained().stream())
                .filter(command -> command.outcome().isNotInFake())
                .toList());
    }

    void describe(FailureText text) {
        if (!refused.isEmpty()) {
            text.fact(
                    "likely cause",
                    "the fake refused " + refused.size() + (refused.size() == 1 ? " command" : " commands")
                            + " that it does not know: "
                            + refused.stream()
                                    .map(command ->
                                            command.shape().split(" ", 2)[0].toUpperCase(Locale.ROOT))
                                    .distinct()
                                    .sorted()
                                    .collect(Collectors.joining(", ")));
        }
    }

    Optional<String> advice() {
        return refused.isEmpty()
                ? Optional.empty()
                : Optional.of("let the code under test ask a real server in this test: the fake cannot answer it.");
    }
}
