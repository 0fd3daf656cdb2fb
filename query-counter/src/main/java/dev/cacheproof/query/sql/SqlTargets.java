package dev.cacheproof.query.sql;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tables that an {@code UPDATE} or a {@code DELETE} names first. MySQL may change some of them, and only read the others. */
final class SqlTargets {

    private static final Set<String> BEFORE_FROM = Set.of("low_priority", "quick", "ignore");
    private static final Set<String> AFTER_ASSIGNMENTS = Set.of("from", "where", "order", "limit", "returning");

    private record Target(String name, boolean hasAlias) {}

    private final SqlKind change;
    private final List<Target> targets = new ArrayList<>();

    /** Those that are changed, by table or alias: before {@code FROM} of a {@code DELETE}, or in the assignments. */
    private final Set<String> named = new LinkedHashSet<>();

    private boolean assigned;

    /** Whether a column is assigned of which nobody knows whose it is. */
    private boolean vague;

    SqlTargets(SqlKind change) {
        this.change = change;
    }

    void add(String table, boolean hasAlias) {
        targets.add(new Target(table, hasAlias));
    }

    /** Reads {@code a, b.*} of {@code DELETE a, b.* FROM ...}; there is nothing to read in a common {@code DELETE FROM a}. */
    void readNames(SqlTokens tokens, int from) {
        int at = from;
        while (BEFORE_FROM.contains(tokens.get(at).word()) && tokens.get(at + 1).isName()) {
            at++;
        }
        while (tokens.get(at).isName() && !tokens.get(at).is("from")) {
            int end = tokens.nameEnd(at);
            named.add(tokens.name(at, end));
            at = tokens.get(end).is('.') && tokens.get(end + 1).is('*') ? end + 2 : end;
            at += tokens.get(at).is(',') ? 1 : 0;
        }
        if (!tokens.get(at).is("from")) {
            named.clear();
        }
    }

    /** Reads {@code a.x = 1, b.y = 2} behind {@code SET}, once, and only where there are several tables to choose from. */
    void readAssignments(SqlTokens tokens, int from) {
        if (assigned || change != SqlKind.UPDATE || targets.size() < 2) {
            return;
        }
        assigned = true;
        boolean begins = true;
        int at = from;
        while (at < tokens.size()
                && !tokens.get(at).is(')')
                && !AFTER_ASSIGNMENTS.contains(tokens.get(at).word())) {
            if (begins) {
                readAssignment(tokens, at);
            }
            begins = tokens.get(at).is(',');
            at = tokens.get(at).is('(') ? Math.max(at, tokens.closing(at)) + 1 : at + 1;
        }
    }

    private void readAssignment(SqlTokens tokens, int at) {
        int end = tokens.nameEnd(at);
        if (end > at + 1 && tokens.get(end).is('=')) {
            named.add(tokens.name(at, end - 2));
        } else {
            vague = true;
        }
    }

    /** Tells which tables are changed, and which are read, once all aliases are known. */
    void tell(Map<String, String> aliases, SqlEffects effects) {
        Set<String> tables = new LinkedHashSet<>();
        targets.forEach(target ->
                tables.add(target.hasAlias ? target.name : aliases.getOrDefault(lowerCase(target.name), target.name)));
        if (tables.size() == 1 || (change == SqlKind.DELETE && named.isEmpty())) {
            tables.forEach(table -> effects.change(change, table));
            return;
        }
        Set<String> changed = new LinkedHashSet<>();
        for (String name : named) {
            String table = resolved(name, tables, aliases);
            if (table == null) {
                vague = true;
            } else {
                changed.add(table);
            }
        }
        changed.forEach(table -> effects.change(change, table));
        tables.removeAll(changed);
        if (vague) {
            effects.changePerhaps(change, tables);
        } else {
            tables.forEach(effects::read);
        }
    }

    private static @Nullable String resolved(String name, Set<String> tables, Map<String, String> aliases) {
        String wanted = lowerCase(name);
        String aliased = aliases.get(wanted);
        if (aliased != null) {
            return aliased;
        }
        return tables.stream()
                .filter(table ->
                        lowerCase(table).equals(wanted) || lowerCase(table).endsWith("." + wanted))
                .findFirst()
                .orElse(null);
    }

    private static String lowerCase(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
