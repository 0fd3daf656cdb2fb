package dev.cacheproof;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.FutureTask;

/** Run by {@link JournalMemoryTests} in a small heap: a million operations inside a scope, and a million beside it. */
final class JournalMemoryProbe {

    private static final int MANY = 1_000_000;

    private JournalMemoryProbe() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Asked files = Asked.loads("files");
        try (Scope scope = Scope.open("big");
                Scope nested = Scope.open("nested")) {
            for (int i = 0; i < MANY; i++) {
                files.ask("a shape of its own, number " + i);
            }
            FutureTask<Boolean> strangers = ThreadKind.all().get(0).start(() -> {
                for (int i = 0; i < MANY; i++) {
                    Thread.currentThread().setName("a thread of its own, number " + i);
                    files.ask("read");
                }
                return true;
            });
            out.println(strangers.get());
            out.println(scope.journal().count() + " " + nested.journal().loads().count() + " "
                    + scope.journal().unattributedCount() + " "
                    + scope.journal().retained().size());
            try {
                out.println(scope.journal().operations().size());
            } catch (IllegalStateException truncated) {
                out.println(truncated.getMessage());
            }
        }
    }
}
