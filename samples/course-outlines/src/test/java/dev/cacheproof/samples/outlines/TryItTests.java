package dev.cacheproof.samples.outlines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Pins all that the demonstration prints, and with it the failure text that catches each broken twin. Alone, because it runs
 * the other tests of this module itself.
 */
@Isolated
class TryItTests {

    private static final Path PINNED = Path.of("src", "test", "resources", "try-it.txt");

    @Test
    void printsWhatWasCountedAndWhatWasCaught() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean asExpected = new TryIt(new PrintStream(bytes, true, StandardCharsets.UTF_8)).run();
        String printed = bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");

        // How long things take is the machine's.
        assertPinned(printed.replaceAll("(?m)^(  (?:files|cache|remote|request)) +[0-9. ]+$", "$1  (microseconds)"));
        assertThat(asExpected).isTrue();
    }

    private static void assertPinned(String printed) throws IOException {
        if (Boolean.getBoolean("pinned.update")) {
            Files.writeString(PINNED, printed);
        }
        assertThat(printed)
                .as("Where the new text is the better one, run once with -Dpinned.update=true and read the difference")
                .isEqualTo(Files.readString(PINNED).replace("\r\n", "\n"));
    }
}
