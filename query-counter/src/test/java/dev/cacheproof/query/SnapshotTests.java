package dev.cacheproof.query;

import static dev.cacheproof.query.Failures.here;
import static dev.cacheproof.query.Failures.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cacheproof.RunningTest;
import dev.cacheproof.Scope;
import dev.cacheproof.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.opentest4j.AssertionFailedError;

@ResourceLock("unattributed queries")
class SnapshotTests {

    @TempDir
    Path root;

    @AutoClose
    final Database db = new Database();

    /** Each test is a run of its own. */
    private final Object run = new Object();

    private Path folder = Path.of("");
    private int comparedAt;

    @BeforeEach
    void pretendThatTheSourcesAreHere() throws IOException {
        folder = Files.createDirectories(root.resolve("dev/cacheproof/query"));
        Files.createFile(folder.resolve("SnapshotTests.java"));
    }

    private Path file(String name) {
        return folder.resolve("SnapshotTests." + name + ".snapshot");
    }

    private String shown(String name) {
        return file(name).toString().replace('\\', '/');
    }

    private String recorded() {
        return "QUERY       " + db.name() + ": select name from item where id = ?\n";
    }

    /** Other tests of this module work in no scope; their caches must not be taken for those of the block. */
    private QueryCheck check() {
        return db.check().ignoring(thread -> true);
    }

    private Scope with(String... settings) {
        return in(run, settings);
    }

    private Scope in(Object ofRun, String... settings) {
        Map<String, String> texts = new HashMap<>(Map.of("cacheproof.snapshots.root", root.toString()));
        for (String setting : settings) {
            String[] parts = setting.split("=", 2);
            texts.put(parts[0], parts[1]);
        }
        Settings resolved = Settings.resolve(name -> Optional.ofNullable(texts.get(name)));
        return Scope.named("shop")
                .root()
                .test(RunningTest.undeclared("shop", "ShopTests > buys()", ofRun, resolved))
                .open();
    }

    private <T extends @Nullable Object> T compare(Callable<T> block) {
        comparedAt = here() + 1;
        return check().assertQuerySnapshot("checkout", false, block);
    }

    private AssertionFailedError failureOf(Callable<?> block) {
        return catchThrowableOfType(AssertionFailedError.class, () -> compare(block));
    }

    @Test
    void makesTheFileWhereThereIsNoneAndComparesFromThenOn() throws IOException {
        try (Scope scope = with()) {
            assertThat(compare(() -> db.name(2))).isEqualTo("b");
            assertThat(file("checkout")).hasContent(recorded());
            assertThat(compare(() -> db.name(3))).isEqualTo("c");
            assertThat(scope.reports()).containsEntry("cacheproof.snapshots", "checkout made\ncheckout as recorded");
        }
        try (Scope later = in(new Object())) {
            compare(() -> db.name(4));
            assertThat(failureOf(() -> db.names("select id from item")))
                    .hasMessageContaining("but 1 line is gone and 1 is new");
        }
        assertThat(Files.readString(file("checkout"))).isEqualTo(recorded());
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).as("nothing is left of the writing").hasSize(2);
        }
    }

    @Test
    void logsThatAFileWasMade() {
        List<String> logged = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                logged.add(record.getLevel() + " " + record.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.cacheproof");
        logger.addHandler(handler);
        try (Scope scope = with()) {
            compare(() -> db.name(1));
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(logged)
                .contains("INFO ShopTests > buys() made the snapshot " + shown("checkout")
                        + ": look at it, and commit it");
    }

    @Test
    void showsWhatDiffers() throws IOException {
        String head = "CACHE       prices: GET book:#  miss\n" + recorded();
        Files.writeString(file("checkout"), head + "TRANSACTION shop: COMMIT\n");
        try (Scope scope = with()) {
            int block = here() + 3;
            AssertionFailedError failure = catchThrowableOfType(
                    AssertionFailedError.class,
                    () -> check().because("a cart has one book").assertQuerySnapshot("checkout", false, () -> {
                        db.name(1);
                        return db.names("select id from item");
                    }));

            assertThat(failure).hasMessage("""
                    Expected of the block at (SnapshotTests.java:%1$d) what the snapshot "checkout" holds, but 2 lines are gone and 1 is new

                      - CACHE       prices: GET book:#  miss
                        QUERY       %2$s: select name from item where id = ?
                      - TRANSACTION shop: COMMIT
                      + QUERY       %2$s: select id from item

                      because   a cart has one book
                      snapshot  %3$s

                      What to do: if the change is meant, let the snapshot be written anew, look at it, and commit it:
                        mvn test -Dtest=SnapshotTests -Dcacheproof.snapshots=update""".formatted(block, db.name(), shown("checkout")));
            assertThat(failure.getExpected().getValue()).isEqualTo(head + "TRANSACTION shop: COMMIT\n");
            assertThat(failure.getActual().getValue())
                    .isEqualTo(recorded() + "QUERY       " + db.name() + ": select id from item\n");
        }
    }

    @Test
    void makesNothingOnCi() throws IOException {
        try (Scope scope = with()) {
            int block = here() + 1;
            String text = textOf(() -> check().assertQuerySnapshot("checkout", true, () -> db.name(1)));

            assertThat(text).isEqualTo("""
                    There is no snapshot "checkout" for the block at (SnapshotTests.java:%d) yet, and none is made where the environment variable CI is set

                      + QUERY       %s: select name from item where id = ?

                      snapshot  %s

                      What to do: let it be written where you work, look at it, and commit it:
                        mvn test -Dtest=SnapshotTests -Dcacheproof.snapshots=update""".formatted(block, db.name(), shown("checkout")));
            assertThat(file("checkout")).doesNotExist();
            Files.writeString(file("checkout"), recorded());
            check().assertQuerySnapshot("checkout", true, () -> db.name(1));
        }
    }

    @Test
    void writesAnewWhereItIsToldTo() throws IOException {
        Files.writeString(file("checkout"), "QUERY       shop: select 1\n");
        try (Scope scope = with("cacheproof.snapshots=update")) {
            compare(() -> db.name(1));
            assertThat(scope.reports()).containsEntry("cacheproof.snapshots", "checkout updated");
            check().assertQuerySnapshot("new", true, () -> db.name(1));
        }
        assertThat(Files.readString(file("checkout"))).isEqualTo(recorded());
        assertThat(file("new")).as("update is an order, also on CI").hasContent(recorded());
    }

    @Test
    void acceptsTheLineEndsOfWindowsUntilItWritesAnew() throws IOException {
        String windows = recorded().replace("\n", "\r\n");
        Files.writeString(file("checkout"), windows);
        try (Scope scope = with()) {
            compare(() -> db.name(1));
        }
        assertThat(Files.readString(file("checkout"))).isEqualTo(windows);
        try (Scope scope = with("cacheproof.snapshots=update")) {
            compare(() -> db.name(1));
        }
        assertThat(Files.readString(file("checkout"))).isEqualTo(recorded());
    }

    @Test
    void doesNotLetOneBlockOverwriteTheSnapshotOfAnother() throws IOException {
        Files.writeString(file("checkout"), "QUERY       shop: select 1\n");
        try (Scope scope = with("cacheproof.snapshots=update")) {
            check().describedAs("the first").assertQuerySnapshot("checkout", false, () -> db.name(1));
            compare(() -> db.name(2));
            String text = textOf(() -> check().describedAs("the second")
                    .assertQuerySnapshot("checkout", () -> db.names("select id from item")));

            assertThat(text).isEqualTo("""
                    Two blocks of this run are to match one snapshot "checkout", and ask for something else: 1 line is gone and 1 is new

                      - QUERY       %1$s: select name from item where id = ?
                      + QUERY       %1$s: select id from item

                      written for  the first
                      differs      the second
                      snapshot     %2$s

                      What to do: give each a name of its own, such as one with the parameters of the test. If both are one block, what
                        it asks for changes: make its caches cold, @CacheIsolation, and fix what is random in it.""".formatted(db.name(), shown("checkout")));
        }
        assertThat(Files.readString(file("checkout"))).isEqualTo(recorded());
        try (Scope again = in(new Object(), "cacheproof.snapshots=update")) {
            compare(() -> db.names("select id from item"));
        }
        assertThat(Files.readString(file("checkout"))).contains("select id from item");
    }

    @Test
    void tellsTwoBlocksOfOneNameThatTheyAre() {
        try (Scope scope = with()) {
            compare(() -> db.name(1));
            assertThat(failureOf(() -> db.names("select id from item")))
                    .hasMessageStartingWith("Two blocks of this run are to match one snapshot");
        }
    }

    @Test
    void onlyRunsTheBlockInOffMode() {
        try (Scope scope = with("cacheproof.mode=off")) {
            assertThat(compare(() -> db.name(1))).isEqualTo("a");
        }
        assertThat(file("checkout")).doesNotExist();
    }

    @Test
    void writesNothingInReportMode() throws IOException {
        try (Scope scope = with("cacheproof.mode=report")) {
            assertThat(compare(() -> db.name(1))).isEqualTo("a");
            assertThat(scope.reports()).containsOnly(Map.entry("cacheproof.snapshots", "checkout not made"));
            assertThat(file("checkout")).doesNotExist();
            check().assertQuerySnapshot("on-ci", true, () -> db.name(1));
            assertThat(scope.reports().get("cacheproof.wouldFail")).startsWith("There is no snapshot \"on-ci\"");
        }
        Files.writeString(file("checkout"), "QUERY       shop: select 1\n");
        try (Scope scope = with("cacheproof.mode=report")) {
            compare(() -> db.name(1));
            assertThat(scope.reports().get("cacheproof.wouldFail")).startsWith("Expected of the block at ");
        }
        try (Scope scope = in(new Object(), "cacheproof.mode=report", "cacheproof.snapshots=update")) {
            compare(() -> db.name(1));
            assertThat(scope.reports()).containsOnly(Map.entry("cacheproof.snapshots", "checkout not updated"));
        }
        assertThat(file("checkout")).hasContent("QUERY       shop: select 1");
    }

    @Test
    void throwsWhatTheBlockThrowsAndMakesNothing() {
        IOException broken = new IOException("broken");
        try (Scope scope = with()) {
            assertThatThrownBy(() -> compare(() -> {
                        db.name(1);
                        throw broken;
                    }))
                    .isSameAs(broken);
        }
        assertThat(file("checkout")).doesNotExist();
    }

    @Test
    void saysThatTheFileCannotBeRead() throws IOException {
        Files.createDirectory(file("checkout"));
        try (Scope scope = with()) {
            AssertionFailedError failure = failureOf(() -> db.name(1));

            assertThat(failure).hasMessage("""
                    The snapshot "checkout" for the block at (SnapshotTests.java:%d) cannot be read or written

                      snapshot  %s
                      error     %s""".formatted(comparedAt, shown("checkout"), failure.getCause()));
            assertThat(failure).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test
    void needsThePlaceOfTheSources() throws IOException {
        Path nowhere = root.resolve("nowhere");
        try (Scope scope = with("cacheproof.snapshots.root=" + nowhere)) {
            assertThat(failureOf(() -> db.name(1)))
                    .hasMessageContaining(
                            ": there is no folder " + nowhere.toString().replace('\\', '/') + "\n");
        }
        Files.delete(folder.resolve("SnapshotTests.java"));
        try (Scope scope = with()) {
            int block = here() + 1;
            String text = textOf(() -> check().assertQuerySnapshot("checkout", () -> db.name(1)));

            assertThat(text).isEqualTo("""
                    There is no place for the snapshot "checkout" of the block at (SnapshotTests.java:%d): no class that has called it has its source below %s

                      working directory  %s

                      What to do: run the test in the folder of its module, or name the folder that holds the sources of the tests,
                        the one with their topmost package: cacheproof.snapshots.root = src/test/kotlin.""".formatted(
                    block, root.toString().replace('\\', '/'), Path.of("").toAbsolutePath()));
        }
    }

    /** The one folder in which a test of ours may not write: it would be in the way of the next run. */
    @Test
    void looksInTheSourcesOfTheModuleUnlessTold() {
        assertThat(Path.of("src/test/java/dev/cacheproof/query/SnapshotTests.java"))
                .exists();
        Settings usual = Settings.resolve(name -> Optional.empty());
        try (Scope scope = Scope.named("shop")
                .root()
                .test(RunningTest.undeclared("shop", "shop", run, usual))
                .open()) {
            assertThat(textOf(() -> check().assertQuerySnapshot("never-made", true, () -> db.name(1))))
                    .contains("\n  snapshot  src/test/java/dev/cacheproof/query/SnapshotTests.never-made.snapshot\n");
        }
    }

    @Nested
    class Inside {

        @Test
        void aNestedClassUsesTheFileOfTheOuterOne() {
            try (Scope scope = with()) {
                Helper.compare(SnapshotTests.this, () -> db.name(1));
            }
            assertThat(file("checkout")).exists();
        }
    }

    private static final class Helper {
        static void compare(SnapshotTests tests, Callable<?> block) {
            tests.compare(block);
        }
    }

    @Test
    void refusesToTellWhatOtherThreadsHaveAsked() {
        int asked = here() + 2;
        Block handsOver = () -> {
            Thread other = new Thread(() -> db.name(1), "importer-3");
            other.start();
            other.join();
        };
        try (Scope scope = with()) {
            QueryCheck seesTheOther = db.check().ignoring(thread -> !thread.equals("importer-3"));
            int block = here() + 1;
            String text = textOf(() -> seesTheOther.assertQuerySnapshot("checkout", handsOver));

            assertThat(text).isEqualTo("""
                    It cannot be known what the block at (SnapshotTests.java:%d) asked for: 1 operation on another thread may be its own

                      unattributed  1 on thread "importer-3": select name from item where id = ?
                                      at SnapshotTests.refusesToTellWhatOtherThreadsHaveAsked(SnapshotTests.java:%d)

                      What to do: if it is the block's own work, run it in the block's scope: wrap the pool once with
                        Scope.propagating(executor). If it is not, declare it: ignoring(threads("importer-*")).""".formatted(block, asked));
        }
        assertThat(file("checkout")).doesNotExist();
    }

    @Test
    void saysThatSeveralThreadsMayComeInAnyOrder() {
        try (Scope scope = with()) {
            compare(() -> db.name(1));
            assertThat(failureOf(() -> {
                        Thread other = new Thread(Scope.propagatingTask(() -> db.name(2)));
                        other.start();
                        other.join();
                        return db.names("select id from item");
                    }))
                    .hasMessageContaining("\n  threads      2, and what they ask for at one time comes in any order\n");
        }
    }

    @Test
    void doesNotRecordWhatIsNotAll() {
        List<Block> uncertain = new ArrayList<>();
        uncertain.add(
                () -> db.connect().unwrap(org.h2.jdbc.JdbcConnection.class).close());
        try (Scope scope = with()) {
            assertThat(textOf(() -> check().assertQuerySnapshot("checkout", uncertain.get(0))))
                    .startsWith("The count cannot be known");
            assertThat(textOf(() -> check().assertQuerySnapshot("checkout", () -> Stream.of(1))))
                    .startsWith("The work may not have run");
            assertThat(textOf(() -> check().details(10).assertQuerySnapshot("checkout", () -> {
                        for (int i = 0; i < 12; i++) {
                            db.name(1);
                        }
                    })))
                    .contains("asked for: the details of some of it were not kept");
        }
        assertThat(file("checkout")).doesNotExist();
    }

    @Test
    @SuppressWarnings("NullAway") // null is what is refused
    void refusesNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> QueryAssertions.assertQuerySnapshot(null, () -> {}))
                .withMessage("name must not be null");
        Block none = null;
        assertThatNullPointerException()
                .isThrownBy(() -> QueryAssertions.assertQuerySnapshot("checkout", none))
                .withMessage("block must not be null");
    }
}
