package dev.cacheproof.query.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Divides the tokens of a text at the semicolons between statements. Inside parentheses there are none, as PostgreSQL's {@code
 * CREATE RULE} has it. Procedural code that is not quoted cannot be divided without its grammar, so what begins with it is one
 * statement up to the end of the text.
 */
final class SqlDivider {

    private static final Set<String> ROUTINES = Set.of("function", "procedure", "trigger", "event", "package");
    private static final Set<String> BLOCKS = Set.of("begin", "then", "case", "loop", "while", "repeat", "declare");

    /** What begins no statement of SQL but one of procedural code. */
    private static final Set<String> PROCEDURAL = Set.of("if", "while", "loop", "repeat", "for", "case");

    private final SqlTokens tokens;
    private final List<SqlTokens> statements = new ArrayList<>();

    private int from;
    private boolean routine;
    private boolean block;
    private boolean cursor;

    private SqlDivider(SqlTokens tokens) {
        this.tokens = tokens;
    }

    static List<SqlTokens> divide(SqlTokens tokens) {
        return new SqlDivider(tokens).divide();
    }

    private List<SqlTokens> divide() {
        int depth = 0;
        for (int i = 0; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            if (token.is('(')) {
                depth++;
            } else if (token.is(')')) {
                depth = Math.max(0, depth - 1);
            } else if (depth == 0 && token.is(';')) {
                if (isProcedural(i)) {
                    break;
                }
                end(i);
            } else if (depth == 0) {
                routine |= ROUTINES.contains(token.word());
                block |= BLOCKS.contains(token.word());
                cursor |= token.is("cursor") && i > from + 1;
            }
        }
        end(tokens.size());
        return statements;
    }

    private void end(int semicolon) {
        if (semicolon > from) {
            statements.add(tokens.part(from, semicolon));
        }
        from = semicolon + 1;
        routine = false;
        block = false;
        cursor = false;
    }

    private boolean isProcedural(int semicolon) {
        String first = tokens.get(from).word();
        return switch (first) {
            case "create", "alter" -> routine && block;
            case "begin" -> !SqlTransactionControl.matches(tokens.part(from, semicolon));
            case "declare" -> !cursor;
            default -> PROCEDURAL.contains(first);
        };
    }
}
