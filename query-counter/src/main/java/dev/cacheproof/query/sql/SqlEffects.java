package dev.cacheproof.query.sql;

import dev.cacheproof.Operation.Effect;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Collects what a statement does to which table, and the functions that it calls of which nobody knows what they do. */
final class SqlEffects {

    /** By kind; an empty set until the table is found. */
    private final Map<SqlKind, Set<String>> changed = new EnumMap<>(SqlKind.class);

    /** Some of these are changed, and the text does not tell which. */
    private final Map<SqlKind, Set<String>> perhapsChanged = new EnumMap<>(SqlKind.class);

    private final Set<String> read = new LinkedHashSet<>();
    private final Set<String> calls = new LinkedHashSet<>();
    private boolean known = true;

    void begin(SqlKind change) {
        changed.computeIfAbsent(change, absent -> new LinkedHashSet<>());
    }

    void change(SqlKind kind, String table) {
        changed.computeIfAbsent(kind, absent -> new LinkedHashSet<>()).add(table);
    }

    void changePerhaps(SqlKind kind, Set<String> tables) {
        perhapsChanged.computeIfAbsent(kind, absent -> new LinkedHashSet<>()).addAll(tables);
        read.addAll(tables);
    }

    void read(String table) {
        read.add(table);
    }

    void call(String function) {
        calls.add(function);
    }

    /** Takes what was read for what is changed, as {@code DROP TABLE} does with its list. */
    void changeAllThatWasRead(SqlKind kind) {
        read.forEach(table -> change(kind, table));
        read.clear();
    }

    /** Some place was not understood where a table may be named. */
    void doubt() {
        known = false;
    }

    void doubtUnless(boolean understood) {
        known &= understood;
    }

    /** Returns how data is changed: empty if the statement only reads. */
    Set<SqlKind> changes() {
        return changed.keySet();
    }

    SqlStatement of(SqlKind kind) {
        boolean found = changed.entrySet().stream()
                .noneMatch(change -> change.getValue().isEmpty() && !perhapsChanged.containsKey(change.getKey()));
        if (!known || !found) {
            return SqlStatement.ofUnknownTables(kind, calls);
        }
        Set<String> tables = new LinkedHashSet<>();
        List<Effect> effects = new ArrayList<>();
        changed.forEach((change, names) -> {
            tables.addAll(names);
            names.forEach(name -> effects.add(new Effect(change.name(), name, true)));
        });
        perhapsChanged.forEach(
                (change, names) -> names.forEach(name -> effects.add(new Effect(change.name(), name, false))));
        read.forEach(name -> effects.add(new Effect(SqlKind.READ.name(), name, true)));
        tables.addAll(read);
        return SqlStatement.of(kind, tables, effects, calls);
    }
}
