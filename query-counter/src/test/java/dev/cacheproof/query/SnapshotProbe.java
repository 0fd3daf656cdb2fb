package dev.cacheproof.query;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Run by {@link SnapshotEnvironmentTests} with an environment of its own. */
final class SnapshotProbe {

    private SnapshotProbe() {}

    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Database db = new Database()) {
            out.println(QueryAssertions.assertQuerySnapshot("checkout", () -> db.name(1)));
        } catch (AssertionError failure) {
            out.println(String.valueOf(failure.getMessage()).split("\n", 2)[0]);
        }
    }
}
