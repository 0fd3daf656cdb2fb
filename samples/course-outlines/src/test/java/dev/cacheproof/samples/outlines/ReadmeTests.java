package dev.cacheproof.samples.outlines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Keeps the README true: its code stands in tests that pass, and its failure texts were really printed. */
class ReadmeTests {

    private static final Path ROOT = Path.of("..", "..");
    private static final Path README = ROOT.resolve("README.md");

    private static final Pattern JAVA_BLOCK =
            Pattern.compile("(?:<!-- snippet: (\\S+)#(\\S+) -->\\n)?```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TEXT_BLOCK = Pattern.compile("```text\\n(.*?)```", Pattern.DOTALL);

    @Test
    void everySnippetIsExtractedFromATest() throws IOException {
        if (Boolean.getBoolean("pinned.update")) {
            Files.writeString(README, updated(read(README)));
        }
        Matcher block = JAVA_BLOCK.matcher(read(README));
        List<String> checked = new ArrayList<>();
        while (block.find()) {
            assertThat(block.group(1))
                    .as("source of the snippet %s", block.group(3))
                    .isNotNull();
            assertThat(block.group(3)).isEqualTo(snippet(block.group(1), block.group(2)));
            checked.add(block.group(2));
        }
        assertThat(checked).hasSizeGreaterThan(4);
    }

    @Test
    void everyFailureTextWasPrinted() throws IOException {
        String printed = read(Path.of("src", "test", "resources", "try-it.txt"))
                .lines()
                .map(line -> line.replaceFirst("^  \\| ?", ""))
                .collect(Collectors.joining("\n"));
        Matcher block = TEXT_BLOCK.matcher(read(README));
        assertThat(block.find()).isTrue();
        do {
            assertThat(printed).contains(block.group(1).strip());
        } while (block.find());
    }

    private static String updated(String readme) {
        return JAVA_BLOCK
                .matcher(readme)
                .replaceAll(block -> Matcher.quoteReplacement("<!-- snippet: " + block.group(1) + "#" + block.group(2)
                        + " -->\n```java\n" + snippet(block.group(1), block.group(2)) + "```"));
    }

    /** Returns the lines between the tags, moved to the left, without the tags of other snippets. */
    private static String snippet(String file, String tag) {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : read(ROOT.resolve(file)).split("\n", -1)) {
            if (line.strip().equals("// tag::" + tag + "[]")) {
                inside = true;
            } else if (line.strip().equals("// end::" + tag + "[]")) {
                String body = String.join("\n", lines).stripIndent();
                long open = body.chars().filter(c -> c == '{').count()
                        - body.chars().filter(c -> c == '}').count();
                return body + "\n" + (open > 0 ? "}\n" : "");
            } else if (inside && !line.strip().matches("// (tag|end)::.*")) {
                lines.add(line);
            }
        }
        throw new AssertionError("no snippet " + tag + " in " + file);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).replace("\r\n", "\n");
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
