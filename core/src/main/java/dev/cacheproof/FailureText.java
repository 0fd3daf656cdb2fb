package dev.cacheproof;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * Renders every failure of the toolkit in one form: a claim of one line, the evidence, aligned facts, and at most one
 * hint. Not thread-safe.
 *
 * @since 0.1
 */
@API(status = API.Status.EXPERIMENTAL, since = "0.1")
public final class FailureText {

    private final String claim;
    private final List<String> evidence = new ArrayList<>();
    private final Map<String, String> facts = new LinkedHashMap<>();
    private @Nullable String hint;

    private FailureText(String claim) {
        this.claim = claim;
    }

    /**
     * Begins a text.
     *
     * @param claim what is wrong, in one line
     * @return the text
     */
    public static FailureText of(String claim) {
        return new FailureText(Objects.requireNonNull(claim, "claim"));
    }

    /**
     * Adds a line of evidence.
     *
     * @param line the line; it is indented by two, as are further lines of it
     * @return this text
     */
    public FailureText evidence(String line) {
        evidence.add(line);
        return this;
    }

    /**
     * Adds a fact; facts are aligned with each other. An empty value is left out.
     *
     * @param name what the fact is about
     * @param value the fact; its further lines are indented below the first
     * @return this text
     */
    public FailureText fact(String name, String value) {
        if (!value.isEmpty()) {
            facts.merge(name, value, (before, after) -> before + "\n" + after);
        }
        return this;
    }

    /**
     * Sets the hint: what to do.
     *
     * @param hint the hint; a later one replaces an earlier one
     * @return this text
     */
    public FailureText hint(String hint) {
        this.hint = hint;
        return this;
    }

    /**
     * Returns the error to throw.
     *
     * @param expected what was expected, for tools that show it beside the actual value
     * @param actual what was there
     * @return the error
     */
    public AssertionFailedError toError(@Nullable Object expected, @Nullable Object actual) {
        return new AssertionFailedError(toString(), expected, actual);
    }

    /**
     * Returns the error to throw where no two values are compared.
     *
     * @return the error
     */
    public AssertionFailedError toError() {
        return new AssertionFailedError(toString());
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(claim);
        if (!evidence.isEmpty()) {
            text.append('\n');
            evidence.forEach(line -> text.append("\n  ").append(line.replace("\n", "\n  ")));
        }
        if (!facts.isEmpty()) {
            text.append('\n');
            int width = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
            facts.forEach((name, value) -> text.append("\n  ")
                    .append(name)
                    .append(" ".repeat(width - name.length() + 2))
                    .append(value.replace("\n", "\n" + " ".repeat(width + 4))));
        }
        if (hint != null) {
            text.append("\n\n  What to do: ").append(hint.replace("\n", "\n    "));
        }
        return text.toString();
    }
}
