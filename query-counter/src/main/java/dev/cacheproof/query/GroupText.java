package dev.cacheproof.query;

import dev.cacheproof.Operation;
import dev.cacheproof.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Describes operations of one shape that were asked for at one place. */
record GroupText(OperationGroup group) {

    private static final int VALUES_SHOWN = 5;
    private static final int TEXTS_SHOWN = 3;

    List<String> lines(boolean withSource) {
        List<String> lines = new ArrayList<>();
        boolean oneText =
                group.operations().stream().map(Operation::text).distinct().count() == 1;
        lines.add(group.size() + "x "
                + OperationGroup.oneLine(
                        oneText ? group.first().text() : group.first().shape())
                + (withSource ? "   on " + group.source() : ""));
        relation().ifPresent(relation -> lines.add("   " + relation));
        if (group.isOf(Operation.Kind.QUERY) && !oneText && group.isNPlusOne()) {
            addTexts(lines);
        }
        List<String> parameters = group.operations().stream()
                .map(Operation::parameters)
                .filter(values -> !values.isEmpty())
                .toList();
        if (!parameters.isEmpty()) {
            lines.add("   values " + parameters.stream().limit(VALUES_SHOWN).collect(Collectors.joining(" "))
                    + (parameters.size() > VALUES_SHOWN ? " ..." : ""));
        }
        if (group.operations().stream().anyMatch(operation -> operation.batchSize() > 1)) {
            lines.add("   batch of "
                    + group.operations().stream()
                            .limit(VALUES_SHOWN)
                            .map(operation -> String.valueOf(operation.batchSize()))
                            .collect(Collectors.joining(", "))
                    + (group.size() > VALUES_SHOWN ? " ..." : ""));
        }
        group.operations().stream()
                .filter(operation -> operation.outcome().detail() != null)
                .findFirst()
                .ifPresent(struck -> lines.add("   " + word(struck.outcome().status())
                        + OperationGroup.oneLine(String.valueOf(struck.outcome().detail()))));
        group.first().callSite().ifPresent(site -> lines.add("   at " + site));
        return lines;
    }

    private Optional<String> relation() {
        boolean isCommand = group.isOf(Operation.Kind.COMMAND);
        String different = group.isOfParts() ? "same key, different arguments" : "different keys";
        if (group.isNPlusOne()) {
            return Optional.of(
                    isCommand
                            ? "N+1: same command, same call site, " + different
                            : "N+1: same SQL, same call site, different values");
        }
        if (group.isOneByOne()) {
            return Optional.of("one by one: same command, " + different);
        }
        if (group.isRepeated()) {
            return Optional.of(
                    isCommand
                            ? "repeated: same command, same call site, same key"
                            : "repeated: same SQL, same call site, same values");
        }
        return Optional.empty();
    }

    /** Shows literals, which stand in no parameter, unless they must not be shown. */
    private void addTexts(List<String> lines) {
        if (Settings.current().values() == Settings.Values.MASKED) {
            return;
        }
        List<String> texts = group.operations().stream()
                .map(Operation::text)
                .distinct()
                .limit(TEXTS_SHOWN + 1)
                .toList();
        texts.stream().limit(TEXTS_SHOWN).forEach(text -> lines.add("   as " + OperationGroup.oneLine(text)));
        if (texts.size() > TEXTS_SHOWN) {
            lines.add("   ...");
        }
    }

    private static String word(Operation.Outcome.Status status) {
        return switch (status) {
            case FAILED -> "failed: ";
            case REFUSED -> "refused: ";
            default -> "";
        };
    }
}
