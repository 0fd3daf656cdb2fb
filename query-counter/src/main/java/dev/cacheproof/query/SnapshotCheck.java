package dev.cacheproof.query;

import dev.cacheproof.FailureText;
import dev.cacheproof.Operation;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * Compares what a block has asked for with what was recorded of it in a file, and makes the file where there is none.
 *
 * @param onCi whether nobody would look at a file that is made
 */
record SnapshotCheck(
        Measurement<?> run,
        String name,
        boolean onCi,
        @Nullable String reason) {

    private static final Path USUAL_ROOT = Path.of("src", "test", "java");

    /** What an assertion has written, or would have, so that another does not overwrite it. */
    private record Written(List<String> lines, String place) {}

    /** Says whether the variable {@code CI} of the environment is set. */
    static boolean isSet(@Nullable String ci) {
        return ci != null && !ci.isBlank() && !ci.strip().equalsIgnoreCase("false");
    }

    Optional<AssertionFailedError> failure() {
        return Verdicts.uncertainOfRemote(run)
                .or(() -> Verdicts.incomplete(run))
                .or(this::unattributed)
                .or(this::notEnded)
                .or(() -> inFile(SnapshotLines.of(run)));
    }

    private Optional<AssertionFailedError> unattributed() {
        long count = SnapshotLines.KINDS.stream()
                .mapToLong(kind -> run.of(kind).unattributedCount())
                .sum();
        if (count == 0) {
            return Optional.empty();
        }
        FailureText text = FailureText.of("It cannot be known what " + run.place() + " asked for: "
                + (count == 1
                        ? "1 operation on another thread may be its own"
                        : count + " operations on other threads may be its own"));
        SnapshotLines.KINDS.forEach(kind -> RunText.unattributed(text, "unattributed", run.of(kind)));
        return Optional.of(text.hint(RunText.unattributedHint(run)).toError());
    }

    private Optional<AssertionFailedError> notEnded() {
        long running = SnapshotLines.KINDS.stream()
                .map(run::of)
                .mapToLong(journal -> journal.count() - journal.retained().size())
                .sum();
        return running == 0
                ? Optional.empty()
                : Optional.of(FailureText.of("It cannot be known what " + run.place() + " asked for: " + running
                                + (running == 1 ? " operation of it has" : " operations of it have") + " not ended")
                        .hint("wait for it inside the block: future.get(), latch.await().")
                        .toError());
    }

    private Optional<AssertionFailedError> inFile(List<String> lines) {
        Path root = Settings.current().snapshotsRoot().orElse(USUAL_ROOT);
        Optional<SnapshotFile> file = SnapshotFile.of(name, root, new Throwable().getStackTrace());
        if (file.isEmpty()) {
            return Optional.of(SnapshotText.noPlace(this, root, Files.isDirectory(root)));
        }
        try {
            return inFile(file.get(), lines);
        } catch (IOException failed) {
            return Optional.of(SnapshotText.unusable(this, file.get(), failed));
        }
    }

    private Optional<AssertionFailedError> inFile(SnapshotFile file, List<String> lines) throws IOException {
        Optional<String> text = file.read();
        if (Settings.current().snapshots() == Settings.Snapshots.COMPARE) {
            if (text.isPresent()) {
                return compare(file, text.get().lines().toList(), lines);
            }
            if (onCi) {
                return Optional.of(SnapshotText.missing(this, file, lines));
            }
        }
        Written own = new Written(lines, run.place());
        Object first = notes().putIfAbsent(note(file), own);
        if (first instanceof Written other && !other.lines.equals(lines)) {
            return Optional.of(SnapshotText.conflict(this, file, other.place, other.lines, lines));
        }
        write(file, text, String.join("\n", lines) + "\n");
        return Optional.empty();
    }

    private Optional<AssertionFailedError> compare(SnapshotFile file, List<String> recorded, List<String> lines) {
        if (recorded.equals(lines)) {
            report("as recorded");
            return Optional.empty();
        }
        return Optional.of(
                notes().get(note(file)) instanceof Written other && other.lines.equals(recorded)
                        ? SnapshotText.conflict(this, file, other.place, other.lines, lines)
                        : SnapshotText.differs(this, file, recorded, lines));
    }

    private static Map<String, Object> notes() {
        return Scope.notesOfRun();
    }

    private static String note(SnapshotFile file) {
        return "snapshot " + file.path().toAbsolutePath().normalize();
    }

    private void write(SnapshotFile file, Optional<String> before, String text) throws IOException {
        if (before.filter(text::equals).isPresent()) {
            report("as recorded");
        } else if (Settings.current().mode() == Settings.Mode.ENFORCE) {
            file.write(text);
            tell(
                    before.isEmpty() ? "made" : "updated",
                    (before.isEmpty() ? "made the snapshot " : "updated the snapshot ") + file.shown()
                            + ": look at it, and commit it");
        } else {
            tell(
                    before.isEmpty() ? "not made" : "not updated",
                    "would write the snapshot " + file.shown() + " if failures were enforced");
        }
    }

    /** A test that passes because it has compared nothing must say so, also where nobody wants reports. */
    private void tell(String what, String text) {
        report(what);
        String test = Scope.current()
                .flatMap(Scope::test)
                .map(running -> running.name() + " ")
                .orElse("");
        System.getLogger("dev.cacheproof").log(System.Logger.Level.INFO, test + text);
    }

    private void report(String what) {
        Scope.current().ifPresent(scope -> scope.root().report("cacheproof.snapshots", name + " " + what));
    }

    /** Returns how many threads have asked; what comes over a socket has none. */
    long threads() {
        return SnapshotLines.KINDS.stream()
                .filter(kind -> kind != Operation.Kind.COMMAND)
                .flatMap(kind -> run.of(kind).retained().stream())
                .map(Operation::thread)
                .distinct()
                .count();
    }
}
