package dev.cacheproof.query.sql;

import dev.cacheproof.query.sql.SqlScope.Clause;
import dev.cacheproof.query.sql.SqlWithClause.Query;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Finds the tables that a statement reads or changes, and how it changes them, in one pass over its tokens and without
 * recursion. It knows the clauses in which tables are named, not the whole grammar.
 */
final class SqlTables {

    private static final Set<String> QUERY = Set.of("select", "with", "values", "table");
    private static final Set<String> BEFORE_TARGET =
            Set.of("low_priority", "high_priority", "delayed", "ignore", "only", "table");

    private static final Set<String> BEFORE_NEW_TABLE = Set.of("temporary", "temp", "unlogged", "table");

    private final SqlTokens tokens;
    private final SqlEffects effects = new SqlEffects();
    private final SqlScope.Visible visible;
    private final SqlClauses clauses;
    private final SqlCalls calls;
    private final Deque<SqlScope> outer = new ArrayDeque<>();
    private SqlScope scope = new SqlScope(Clause.ELSEWHERE);
    private int at;

    /** Where the parenthesis may open behind a table or its alias, which is no call. */
    private int columns = -1;

    SqlTables(SqlTokens tokens) {
        this.tokens = tokens;
        this.visible = new SqlScope.Visible(tokens);
        this.clauses = new SqlClauses(tokens);
        this.calls = new SqlCalls(tokens);
    }

    /** Returns what has been found so far. */
    SqlEffects effects() {
        return effects;
    }

    /** Reads the one name at an index as that of the table to which something is done. */
    SqlEffects readTarget(SqlKind kind, int from) {
        at = SqlClauses.NO_TABLE.contains(tokens.get(from).word()) ? from : tokens.nameEnd(from);
        columns = at;
        if (at == from) {
            effects.doubt();
        } else if (kind == SqlKind.READ) {
            effects.read(tokens.name(from, at));
        } else {
            effects.change(kind, tokens.name(from, at));
        }
        return effects;
    }

    /** Returns the index of what has not been read. */
    int position() {
        return at;
    }

    /** Reads the statement from an index on. */
    SqlEffects read(int from) {
        read(from, Clause.ELSEWHERE);
        return effects;
    }

    /** Reads a list of tables to all of which something is done. */
    void readList(SqlKind kind, int from) {
        scope.begins = false;
        effects.begin(kind);
        read(from, Clause.BEFORE_TABLE);
        effects.changeAllThatWasRead(kind);
    }

    private void read(int from, Clause clause) {
        at = from;
        scope.clause = clause;
        while (at < tokens.size()) {
            SqlToken token = tokens.get(at);
            if (token.is('(')) {
                open();
            } else if (token.is(')')) {
                close();
            } else if (scope.begins) {
                scope.begins = false;
                begin(token);
            } else {
                goOn(token);
            }
        }
        effects.doubtUnless(outer.isEmpty());
        leave();
    }

    private void open() {
        scope.begins = false;
        String call = at == columns ? null : calls.unknownAt(at, scope.clause == Clause.AFTER_TABLE);
        if (call != null) {
            effects.call(call);
        }
        outer.push(scope);
        scope = new SqlScope(scope.clause == Clause.BEFORE_TABLE ? Clause.BEFORE_TABLE : Clause.ELSEWHERE);
        at++;
    }

    private void close() {
        effects.doubtUnless(!outer.isEmpty());
        if (!outer.isEmpty()) {
            leave();
            scope = outer.pop();
            scope.clause = scope.clause == Clause.BEFORE_TABLE ? Clause.AFTER_TABLE : scope.clause;
        }
        Query query = scope.queryClosedAt(at);
        at = query == null ? at + 1 : scope.leaveQuery(visible, query);
    }

    private void leave() {
        effects.doubtUnless(scope.clause != Clause.BEFORE_TABLE);
        scope.tell(effects);
        visible.leave(scope);
    }

    /** Reads the first word of a statement, or of what is in parentheses. */
    private void begin(SqlToken token) {
        SqlToken next = tokens.get(at + 1);
        switch (token.word()) {
            case "insert" -> change(SqlKind.INSERT, next);
            case "merge", "replace", "upsert" -> change(SqlKind.MERGE, next);
            case "update" -> change(SqlKind.UPDATE, next);
            case "delete" -> change(SqlKind.DELETE, next);
            case "select", "with", "values", "table" -> {
                scope.clause = Clause.ELSEWHERE;
                goOn(token);
            }
            default -> goOn(token);
        }
    }

    private void change(SqlKind kind, SqlToken next) {
        if (!next.isName()) {
            goOn(tokens.get(at)); // a column or a function of that name
            return;
        }
        effects.begin(kind);
        at++;
        scope.usesTables = kind == SqlKind.DELETE || tokens.get(at - 1).is("merge");
        if (kind == SqlKind.DELETE) {
            scope.clause = Clause.ELSEWHERE;
            scope.targets = true;
            scope.change = new SqlTargets(kind);
            scope.change.readNames(tokens, at);
            scope.query = true;
            return;
        }
        while (isBeforeTarget()) {
            at++;
        }
        if (kind == SqlKind.UPDATE) {
            scope.clause = Clause.BEFORE_TABLE;
            scope.targets = true;
            scope.change = new SqlTargets(kind);
            scope.query = true;
        } else {
            scope.clause = Clause.ELSEWHERE;
            readTarget(kind, at);
        }
    }

    /** A table may have such a name as well. */
    private boolean isBeforeTarget() {
        if (tokens.get(at).is("into")) {
            return true;
        }
        SqlToken next = tokens.get(at + 1);
        boolean named = next.is('(') || (next.isName() && !next.is("set") && !next.is("values"));
        return named && BEFORE_TARGET.contains(tokens.get(at).word());
    }

    private void goOn(SqlToken token) {
        if (scope.clause == Clause.BEFORE_TABLE) {
            tableOrWhatStandsBefore(token);
        } else if (token.is(',') && scope.clause == Clause.AFTER_TABLE) {
            scope.clause = Clause.BEFORE_TABLE;
            at++;
        } else if (tokens.get(at - 1).is("as") && !QUERY.contains(token.word())) {
            at++; // an alias
        } else {
            keyword(token);
        }
    }

    private void tableOrWhatStandsBefore(SqlToken token) {
        int modifiers = clauses.beforeTable(at);
        if (modifiers > 0) {
            at += modifiers;
        } else if (token.isName()
                && (!SqlClauses.NO_TABLE.contains(token.word())
                        || tokens.get(at + 1).is('('))) {
            table();
        } else {
            effects.doubt();
            scope.clause = Clause.ELSEWHERE;
            keyword(token);
        }
    }

    private void table() {
        int from = at;
        at = tokens.nameEnd(from);
        scope.clause = Clause.AFTER_TABLE;
        if (tokens.get(at).is('(')) {
            return; // a function
        }
        String name = tokens.name(from, at);
        SqlToken alias = tokens.get(tokens.get(at).is("as") ? at + 1 : at);
        columns = at + (tokens.get(at).is("as") ? 2 : 1);
        if (at == from + 1 && (tokens.get(from).is("dual") || isQuery(tokens.get(from)))) {
            return; // nobody's table
        }
        boolean hasAlias = alias.isName() && !SqlClauses.NO_ALIAS.contains(alias.word());
        if (scope.targets && scope.change != null) {
            scope.change.add(name, hasAlias);
        } else {
            effects.read(name);
        }
        if (hasAlias && !tokens.text(alias).equalsIgnoreCase(name)) {
            scope.addAlias(tokens.text(alias), name);
        }
    }

    /** Says whether a name is that of a common table expression. */
    private boolean isQuery(SqlToken name) {
        SqlScope.Visible.Meaning meaning = visible.of(name);
        effects.doubtUnless(meaning != SqlScope.Visible.Meaning.DOUBTFUL);
        return meaning == SqlScope.Visible.Meaning.QUERY;
    }

    private void keyword(SqlToken token) {
        clauses.read(at++, scope);
        switch (token.word()) {
            case "into" -> into();
            case "with" -> with();
            case "set" -> {
                if (scope.change != null) {
                    scope.change.readAssignments(tokens, at);
                }
            }
            default -> {}
        }
    }

    /** {@code SELECT ... INTO}: PostgreSQL makes a table, MySQL sets variables or writes a file. */
    private void into() {
        SqlToken next = tokens.get(at);
        scope.clause = Clause.ELSEWHERE;
        if (!scope.query || !next.isName() || next.is("outfile") || next.is("dumpfile")) {
            return;
        }
        effects.begin(SqlKind.DDL);
        while (BEFORE_NEW_TABLE.contains(tokens.get(at).word())
                && tokens.get(at + 1).isName()
                && !tokens.get(at + 1).is("from")) {
            at++;
        }
        readTarget(SqlKind.DDL, at);
    }

    private void with() {
        SqlWithClause clause = SqlWithClause.read(tokens, at - 1);
        if (clause == null) {
            return;
        }
        scope.clause = Clause.ELSEWHERE;
        if (clause.recursive()) {
            clause.queries().forEach(query -> visible.declare(scope, query.name()));
        }
        at = scope.enter(clause);
    }
}
