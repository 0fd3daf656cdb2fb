package dev.cacheproof.fake.redis.script;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks a script by the grammar of Lua 5.1, so that an error is told as redis-server tells it. */
final class Grammar {

    private static final int DEEPEST = 200;
    private static final int UNARY = 8;
    private static final Set<String> BLOCK_ENDS = Set.of("else", "elseif", "end", "until", Token.END);

    /** How tight operators bind: to the left, and to the right. */
    private static final Map<String, int[]> OPERATORS = Map.ofEntries(
            Map.entry("+", new int[] {6, 6}),
            Map.entry("-", new int[] {6, 6}),
            Map.entry("*", new int[] {7, 7}),
            Map.entry("/", new int[] {7, 7}),
            Map.entry("%", new int[] {7, 7}),
            Map.entry("^", new int[] {10, 9}),
            Map.entry("..", new int[] {5, 4}),
            Map.entry("==", new int[] {3, 3}),
            Map.entry("~=", new int[] {3, 3}),
            Map.entry("<", new int[] {3, 3}),
            Map.entry("<=", new int[] {3, 3}),
            Map.entry(">", new int[] {3, 3}),
            Map.entry(">=", new int[] {3, 3}),
            Map.entry("and", new int[] {2, 2}),
            Map.entry("or", new int[] {1, 1}));

    /** What an expression may be used for. */
    private enum Use {
        CALL,
        VARIABLE,
        VALUE
    }

    private final Lexer lexer;
    private Token token;
    private @Nullable Token ahead;
    private int lastLine = 1;
    private int depth;
    private int loops;
    private boolean takesAny = true;

    private Grammar(Lexer lexer) throws SyntaxError {
        this.lexer = lexer;
        this.token = lexer.next();
    }

    /** Returns the script as luaj understands it. */
    static String check(String source, String chunk) throws SyntaxError {
        Lexer lexer = new Lexer(source, chunk);
        Grammar grammar = new Grammar(lexer);
        grammar.block();
        grammar.require(Token.END);
        return lexer.translated();
    }

    private void advance() throws SyntaxError {
        lastLine = lexer.line();
        Token known = ahead;
        ahead = null;
        token = known == null ? lexer.next() : known;
    }

    private Token lookAhead() throws SyntaxError {
        Token known = ahead == null ? lexer.next() : ahead;
        ahead = known;
        return known;
    }

    private SyntaxError error(String text) {
        return lexer.error(text, token.text());
    }

    private boolean accept(String kind) throws SyntaxError {
        boolean is = token.is(kind);
        if (is) {
            advance();
        }
        return is;
    }

    private void require(String kind) throws SyntaxError {
        if (!token.is(kind)) {
            throw error("'" + kind + "' expected");
        }
    }

    private void expect(String kind) throws SyntaxError {
        require(kind);
        advance();
    }

    private void close(String kind, String opened, int line) throws SyntaxError {
        if (!token.is(kind) && line != lexer.line()) {
            throw error("'" + kind + "' expected (to close '" + opened + "' at line " + line + ")");
        }
        expect(kind);
    }

    private void enter() throws SyntaxError {
        if (++depth > DEEPEST) {
            throw lexer.error("chunk has too many syntax levels");
        }
    }

    private void block() throws SyntaxError {
        enter();
        boolean last = false;
        while (!last && !BLOCK_ENDS.contains(token.kind())) {
            last = statement();
            accept(";");
        }
        depth--;
    }

    private void loop() throws SyntaxError {
        loops++;
        block();
        loops--;
    }

    /** Reads a statement; says whether none may follow. */
    private boolean statement() throws SyntaxError {
        int line = lexer.line();
        switch (token.kind()) {
            case "if" -> conditional(line);
            case "while" -> {
                advance();
                expression();
                expect("do");
                loop();
                close("end", "while", line);
            }
            case "do" -> {
                advance();
                block();
                close("end", "do", line);
            }
            case "for" -> forLoop(line);
            case "repeat" -> {
                advance();
                loop();
                close("until", "repeat", line);
                expression();
            }
            case "function" -> {
                advance();
                functionName();
                body(line);
            }
            case "local" -> local();
            case "return" -> {
                advance();
                if (!BLOCK_ENDS.contains(token.kind()) && !token.is(";")) {
                    expressions();
                }
                return true;
            }
            case "break" -> {
                advance();
                if (loops == 0) {
                    throw error("no loop to break");
                }
                return true;
            }
            default -> expressionStatement();
        }
        return false;
    }

    private void conditional(int line) throws SyntaxError {
        do {
            advance();
            expression();
            expect("then");
            block();
        } while (token.is("elseif"));
        if (accept("else")) {
            block();
        }
        close("end", "if", line);
    }

    private void forLoop(int line) throws SyntaxError {
        advance();
        expect(Token.NAME);
        if (accept("=")) {
            expression();
            expect(",");
            expression();
            if (accept(",")) {
                expression();
            }
        } else if (token.is(",") || token.is("in")) {
            while (accept(",")) {
                expect(Token.NAME);
            }
            expect("in");
            expressions();
        } else {
            throw error("'=' or 'in' expected");
        }
        expect("do");
        loop();
        close("end", "for", line);
    }

    private void functionName() throws SyntaxError {
        expect(Token.NAME);
        while (accept(".")) {
            expect(Token.NAME);
        }
        if (accept(":")) {
            expect(Token.NAME);
        }
    }

    private void local() throws SyntaxError {
        advance();
        if (accept("function")) {
            expect(Token.NAME);
            body(lexer.line());
            return;
        }
        do {
            expect(Token.NAME);
        } while (accept(","));
        if (accept("=")) {
            expressions();
        }
    }

    private void expressionStatement() throws SyntaxError {
        Use use = primary();
        if (use == Use.CALL) {
            return;
        }
        while (true) {
            if (use != Use.VARIABLE) {
                throw error("syntax error");
            }
            if (!accept(",")) {
                break;
            }
            use = primary();
        }
        expect("=");
        expressions();
    }

    private void expressions() throws SyntaxError {
        do {
            expression();
        } while (accept(","));
    }

    private void expression() throws SyntaxError {
        expression(0);
    }

    private void expression(int limit) throws SyntaxError {
        enter();
        if (token.is("not") || token.is("-") || token.is("#")) {
            advance();
            expression(UNARY);
        } else {
            simple();
        }
        int[] binding = OPERATORS.get(token.kind());
        while (binding != null && binding[0] > limit) {
            advance();
            expression(binding[1]);
            binding = OPERATORS.get(token.kind());
        }
        depth--;
    }

    private void simple() throws SyntaxError {
        switch (token.kind()) {
            case Token.NUMBER, Token.STRING, "nil", "true", "false" -> advance();
            case "..." -> {
                if (!takesAny) {
                    throw error("cannot use '...' outside a vararg function");
                }
                advance();
            }
            case "{" -> constructor();
            case "function" -> {
                int line = lexer.line();
                advance();
                body(line);
            }
            default -> primary();
        }
    }

    private Use primary() throws SyntaxError {
        Use use = prefix();
        while (true) {
            switch (token.kind()) {
                case "." -> {
                    advance();
                    expect(Token.NAME);
                    use = Use.VARIABLE;
                }
                case "[" -> {
                    index();
                    use = Use.VARIABLE;
                }
                case ":" -> {
                    advance();
                    expect(Token.NAME);
                    arguments();
                    use = Use.CALL;
                }
                case "(", Token.STRING, "{" -> {
                    arguments();
                    use = Use.CALL;
                }
                default -> {
                    return use;
                }
            }
        }
    }

    private Use prefix() throws SyntaxError {
        if (accept(Token.NAME)) {
            return Use.VARIABLE;
        }
        int line = lexer.line();
        if (!accept("(")) {
            throw error("unexpected symbol");
        }
        expression();
        close(")", "(", line);
        return Use.VALUE;
    }

    private void index() throws SyntaxError {
        advance();
        expression();
        expect("]");
    }

    private void arguments() throws SyntaxError {
        int line = lexer.line();
        switch (token.kind()) {
            case "(" -> {
                if (line != lastLine) {
                    throw error("ambiguous syntax (function call x new statement)");
                }
                advance();
                if (!token.is(")")) {
                    expressions();
                }
                close(")", "(", line);
            }
            case "{" -> constructor();
            case Token.STRING -> advance();
            default -> throw error("function arguments expected");
        }
    }

    private void constructor() throws SyntaxError {
        int line = lexer.line();
        expect("{");
        while (!token.is("}")) {
            if (token.is("[")) {
                index();
                expect("=");
            } else if (token.is(Token.NAME) && lookAhead().is("=")) {
                advance();
                advance();
            }
            expression();
            if (!accept(",") && !accept(";")) {
                break;
            }
        }
        close("}", "{", line);
    }

    private void body(int line) throws SyntaxError {
        boolean outer = takesAny;
        int outerLoops = loops;
        takesAny = false;
        loops = 0;
        expect("(");
        if (!token.is(")")) {
            do {
                if (accept("...")) {
                    takesAny = true;
                } else if (!accept(Token.NAME)) {
                    throw error("<name> or '...' expected");
                }
            } while (!takesAny && accept(","));
        }
        expect(")");
        block();
        close("end", "function", line);
        takesAny = outer;
        loops = outerLoops;
    }
}
