package dev.cacheproof.query;

import dev.cacheproof.Operation;
import dev.cacheproof.Operation.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Finds what was read twice although nothing that was asked for in between may have changed it. Used by one thread. */
final class DuplicateReads {

    /** A row that is locked is read anew, since another may have changed it before. */
    private static final Pattern LOCKING = Pattern.compile(
            "\\bfor\\s+(no\\s+key\\s+)?(update|(key\\s+)?share)\\b|\\block\\s+in\\s+share\\s+mode\\b",
            Pattern.CASE_INSENSITIVE);

    /** Goes on where it was. */
    private static final Pattern CURSOR = Pattern.compile("\\s*fetch\\b", Pattern.CASE_INSENSITIVE);

    private static final Pattern ROLLBACK = Pattern.compile("\\s*(rollback|abort)\\b", Pattern.CASE_INSENSITIVE);

    /** What answers with something else each time; and a transaction, of which it is not known what it asked for. */
    private static final Pattern NO_QUESTION = Pattern.compile("(EXEC|[A-Z]*RAND(MEMBER|FIELD))\\b");

    /** What is asked for: where, and in which words, with a hash of the values that may not all be shown. */
    private record Question(String source, String text, String parameters, long valuesHash) {
        static Question of(Operation operation) {
            boolean isCommand = operation.kind() == Operation.Kind.COMMAND;
            return new Question(
                    operation.source(),
                    isCommand ? operation.shape() + " " + operation.reads() : operation.text(),
                    operation.parameters(),
                    operation.valuesHash());
        }
    }

    private final Map<Question, List<Operation>> since = new LinkedHashMap<>();
    private final List<List<Operation>> found = new ArrayList<>();

    private DuplicateReads() {}

    /**
     * Looks for them.
     *
     * @param all what was asked for, by whomever, in its order: it may change what is read
     * @param counts tells whose reads are looked at
     * @return what was read at least twice, in the order of the second reads
     */
    static List<OperationGroup> in(List<Operation> all, Predicate<Operation> counts) {
        DuplicateReads reads = new DuplicateReads();
        for (Operation operation : all) {
            if (!isQuestion(operation)) {
                whatMayBeChangedBy(operation)
                        .ifPresent(changed -> reads.since.values().removeIf(read -> changed.test(read.get(0))));
            } else if (counts.test(operation)) {
                reads.note(operation);
            }
        }
        return reads.found.stream().map(OperationGroup::new).toList();
    }

    /** What answers otherwise than before has changed, whoever did it: an entry may also expire. */
    private void note(Operation read) {
        List<Operation> same = since.get(Question.of(read));
        if (same == null || same.get(0).outcome().status() != read.outcome().status()) {
            same = new ArrayList<>();
            since.put(Question.of(read), same);
        }
        same.add(read);
        if (same.size() == 2) {
            found.add(same);
        }
    }

    private static boolean isQuestion(Operation operation) {
        Outcome.Status status = operation.outcome().status();
        if (operation.kind() == Operation.Kind.COMMAND) {
            return (status == Outcome.Status.HIT || status == Outcome.Status.MISS)
                    && !operation.reads().isEmpty()
                    && operation.changed().map(Set::isEmpty).orElse(false)
                    && !NO_QUESTION.matcher(operation.shape()).lookingAt();
        }
        return isRead(operation)
                && status == Outcome.Status.DONE
                && !operation.targets().map(Set::isEmpty).orElse(false)
                && !LOCKING.matcher(operation.shape()).find()
                && !CURSOR.matcher(operation.shape()).lookingAt();
    }

    private static boolean isRead(Operation operation) {
        return operation.actions().equals(Set.of("READ"));
    }

    /** Returns what tells whether a read may have another answer now; empty where none has. */
    private static Optional<Predicate<Operation>> whatMayBeChangedBy(Operation change) {
        if (change.outcome().status() == Outcome.Status.REFUSED) {
            return Optional.empty();
        }
        return switch (change.kind()) {
            case COMMAND -> ofEntries(change);
            case TRANSACTION ->
                ROLLBACK.matcher(change.shape()).lookingAt() ? Optional.of(DuplicateReads::isOfRows) : Optional.empty();
            case QUERY -> isRead(change) ? Optional.empty() : Optional.of(ofRows(change));
            default -> Optional.empty();
        };
    }

    private static Optional<Predicate<Operation>> ofEntries(Operation change) {
        Predicate<Operation> ofServer =
                read -> read.kind() == Operation.Kind.COMMAND && read.source().equals(change.source());
        Set<String> keys = change.changed().orElse(null);
        if (keys == null) {
            return Optional.of(ofServer);
        }
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of(ofServer.and(read -> read.reads().stream().anyMatch(keys::contains)));
    }

    private static boolean isOfRows(Operation read) {
        return read.kind() == Operation.Kind.QUERY;
    }

    /** Several sources may lead to one database, such as a primary and its replica; but each has sessions of its own. */
    private static Predicate<Operation> ofRows(Operation change) {
        if (change.actions().equals(Set.of("SESSION"))) {
            return read -> isOfRows(read) && read.source().equals(change.source());
        }
        Set<String> tables = change.targets().orElse(null);
        if (tables == null || change.actions().contains("TRANSACTION")) {
            return DuplicateReads::isOfRows;
        }
        Set<String> changed = tables.stream().map(DuplicateReads::name).collect(Collectors.toSet());
        return read -> isOfRows(read)
                && read.targets()
                        .map(names -> names.stream().map(DuplicateReads::name).anyMatch(changed::contains))
                        .orElse(true);
    }

    /** One statement may name the schema, and another may not. */
    private static String name(String table) {
        return table.substring(table.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }
}
