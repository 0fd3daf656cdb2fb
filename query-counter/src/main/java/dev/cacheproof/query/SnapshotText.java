package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.opentest4j.AssertionFailedError;

/** Says why a block and its snapshot do not match. */
final class SnapshotText {

    private static final int LINES_SHOWN = 20;

    private SnapshotText() {}

    static AssertionFailedError differs(
            SnapshotCheck check, SnapshotFile file, List<String> recorded, List<String> lines) {
        LineDiff diff = new LineDiff(recorded, lines);
        FailureText text = FailureText.of("Expected of " + check.run().place() + " what the snapshot \"" + check.name()
                + "\" holds, but " + change(diff));
        diff.lines().forEach(text::evidence);
        facts(check, file, text);
        return text.hint("if the change is meant, let the snapshot be written anew, look at it, and commit it:\n"
                        + command(file))
                .toError(whole(recorded), whole(lines));
    }

    private static String change(LineDiff diff) {
        long gone = diff.gone();
        long added = diff.added();
        return gone == 0
                ? added + (added == 1 ? " line is new" : " lines are new")
                : gone
                        + (gone == 1 ? " line is gone" : " lines are gone")
                        + (added == 0 ? "" : " and " + added + (added == 1 ? " is new" : " are new"));
    }

    /** Two assertions that write one file would each destroy what the other has recorded. */
    static AssertionFailedError conflict(
            SnapshotCheck check, SnapshotFile file, String otherPlace, List<String> other, List<String> lines) {
        LineDiff diff = new LineDiff(other, lines);
        FailureText text = FailureText.of("Two blocks of this run are to match one snapshot \"" + check.name()
                + "\", and ask for something else: " + change(diff));
        diff.lines().forEach(text::evidence);
        text.fact("written for", otherPlace).fact("differs", check.run().place());
        facts(check, file, text);
        return text.hint("give each a name of its own, such as one with the parameters of the test. If both are one"
                        + " block, what\nit asks for changes: make its caches cold, @CacheIsolation, and fix what is"
                        + " random in it.")
                .toError(whole(other), whole(lines));
    }

    static AssertionFailedError missing(SnapshotCheck check, SnapshotFile file, List<String> lines) {
        FailureText text = FailureText.of("There is no snapshot \"" + check.name() + "\" for "
                + check.run().place() + " yet, and none is made where the environment variable CI is set");
        lines.stream().limit(LINES_SHOWN).forEach(line -> text.evidence("+ " + line));
        if (lines.size() > LINES_SHOWN) {
            text.evidence("... and " + (lines.size() - LINES_SHOWN) + " more");
        }
        facts(check, file, text);
        return text.hint("let it be written where you work, look at it, and commit it:\n" + command(file))
                .toError("", whole(lines));
    }

    static AssertionFailedError noPlace(SnapshotCheck check, Path root, boolean rootExists) {
        return FailureText.of("There is no place for the snapshot \"" + check.name() + "\" of "
                        + check.run().place() + ": "
                        + (rootExists
                                ? "no class that has called it has its source below " + SnapshotFile.shown(root)
                                : "there is no folder " + SnapshotFile.shown(root)))
                .fact("working directory", Path.of("").toAbsolutePath().toString())
                .hint("run the test in the folder of its module, or name the folder that holds the sources of the"
                        + " tests,\nthe one with their topmost package: cacheproof.snapshots.root ="
                        + " src/test/kotlin.")
                .toError();
    }

    static AssertionFailedError unusable(SnapshotCheck check, SnapshotFile file, IOException failed) {
        AssertionFailedError error = FailureText.of("The snapshot \"" + check.name() + "\" for "
                        + check.run().place() + " cannot be read or written")
                .fact("snapshot", file.shown())
                .fact("error", failed.toString())
                .toError();
        error.initCause(failed);
        return error;
    }

    private static void facts(SnapshotCheck check, SnapshotFile file, FailureText text) {
        String reason = check.reason();
        if (reason != null) {
            text.fact("because", reason);
        }
        text.fact("snapshot", file.shown());
        long threads = check.threads();
        if (threads > 1) {
            text.fact("threads", threads + ", and what they ask for at one time comes in any order");
        }
        LackingCommands.in(check.run()).describe(text);
    }

    private static String command(SnapshotFile file) {
        return "mvn test -Dtest=" + file.testClass() + " -Dcacheproof.snapshots=update";
    }

    private static String whole(List<String> lines) {
        return String.join("\n", lines) + "\n";
    }
}
