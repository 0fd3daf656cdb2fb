package dev.cacheproof.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotFileTests {

    private static final StackTraceElement ASSERTION =
            frame("dev.cacheproof.query.QueryAssertions", "assertQuerySnapshot", "QueryAssertions.java");
    private static final StackTraceElement INVOKED = frame("java.lang.reflect.Method", "invoke", "Method.java");

    @TempDir
    Path root;

    private static StackTraceElement frame(String type, String method, String file) {
        return new StackTraceElement(type, method, file, 1);
    }

    private void source(String path) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }

    private Optional<String> placeFrom(StackTraceElement... stack) {
        return SnapshotFile.of("checkout", root, stack)
                .map(file -> root.relativize(file.path()).toString().replace('\\', '/'));
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkout", "checkout-2_of.two", "A", "com10", "console"})
    void acceptsANameThatEachFileSystemDoes(String name) {
        assertThat(SnapshotFile.requireName(name)).isEqualTo(name);
    }

    @Test
    void acceptsAHundredCharacters() {
        assertThat(SnapshotFile.requireName("a".repeat(100))).hasSize(100);
        assertThatIllegalArgumentException().isThrownBy(() -> SnapshotFile.requireName("a".repeat(101)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "a b", "a/b", "a\\b", "..", "a..b", ".a", "a.", "a\n", "\u00e9", "con", "Aux.txt", "LPT1"
            })
    void refusesAnyOther(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> SnapshotFile.requireName(name));
    }

    @Test
    void saysWhichNamesAreAllowed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueryAssertions.assertQuerySnapshot("../checkout", () -> {}))
                .withMessage(
                        "name must be 1 to 100 of a-z, A-Z, 0-9, \"-\" and \"_\", with single dots between them, and"
                                + " none that Windows reserves, such as con, but is \"../checkout\"");
    }

    @Test
    void liesBesideTheSourceOfTheTest() throws IOException {
        source("shop/ShopTests.java");

        assertThat(placeFrom(ASSERTION, frame("shop.ShopTests$Carts", "lambda$buys$0", "ShopTests.java"), INVOKED))
                .contains("shop/ShopTests.checkout.snapshot");
        assertThat(placeFrom(ASSERTION, frame("shop.OtherTests", "buys", "OtherTests.java"), INVOKED))
                .isEmpty();
        assertThat(placeFrom(ASSERTION, new StackTraceElement("shop.ShopTests", "buys", null, -1), INVOKED))
                .as("compiled without the names of files")
                .isEmpty();
    }

    @Test
    void isThatOfTheTestAndNotOfAHelperOrAnExtension() throws IOException {
        source("shop/ShopTests.java");
        source("shop/Carts.java");
        source("tools/RetryExtension.java");
        source("Main.kt");

        assertThat(placeFrom(
                        ASSERTION,
                        frame("shop.Carts", "check", "Carts.java"),
                        frame("shop.ShopTests", "buys", "ShopTests.java"),
                        INVOKED,
                        frame("tools.RetryExtension", "intercept", "RetryExtension.java")))
                .contains("shop/ShopTests.checkout.snapshot");
        assertThat(placeFrom(
                        ASSERTION,
                        frame("shop.ShopTests", "lambda$dynamic$0", "ShopTests.java"),
                        frame("org.junit.jupiter.engine.descriptor.JupiterTestDescriptor", "run", "A.java"),
                        frame("tools.RetryExtension", "intercept", "RetryExtension.java")))
                .contains("shop/ShopTests.checkout.snapshot");
        assertThat(placeFrom(
                        ASSERTION,
                        frame("org.junit.jupiter.api.AssertThrows", "assertThrows", "AssertThrows.java"),
                        INVOKED,
                        frame("shop.ShopTests", "buys", "ShopTests.java"),
                        INVOKED))
                .as("nothing of the project before the first call by reflection")
                .contains("shop/ShopTests.checkout.snapshot");
        assertThat(placeFrom(ASSERTION, frame("MainKt", "main", "Main.kt"))).contains("Main.checkout.snapshot");
    }

    @Test
    void isReplacedAsAWhole() throws IOException {
        SnapshotFile file = new SnapshotFile(root.resolve("ShopTests.checkout.snapshot"), "ShopTests");
        assertThat(file.read()).isEmpty();
        file.write("long and old\n");
        Path seen = Files.createLink(root.resolve("seen by a reader"), file.path());
        file.write("new\n");

        assertThat(file.read()).contains("new\n");
        assertThat(seen).as("never half of each").hasContent("long and old");
        try (Stream<Path> files = Files.list(root)) {
            assertThat(files).containsExactlyInAnyOrder(file.path(), seen);
        }
    }

    @Test
    void leavesNothingBehindWhereItCannotBeWritten() throws IOException {
        SnapshotFile file = new SnapshotFile(root.resolve("ShopTests.checkout.snapshot"), "ShopTests");
        Files.createDirectories(file.path().resolve("inside"));

        assertThatIOException().isThrownBy(() -> file.write("new\n"));
        try (Stream<Path> files = Files.list(root)) {
            assertThat(files).containsExactly(file.path());
        }
    }
}
