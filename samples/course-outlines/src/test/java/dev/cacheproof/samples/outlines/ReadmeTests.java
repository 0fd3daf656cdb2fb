package dev.cacheproof.samples.outlines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Keeps the README true: its code stands in tests that pass, what that code imports is what these tests import, and its
 * failure texts were really printed. The README of the samples names tests that exist.
 */
class ReadmeTests {

    private static final Path ROOT = Path.of("..", "..");
    private static final Path README = ROOT.resolve("README.md");

    /** Code below a comment that says where it is from: {@code snippet: file#tag}, or {@code imports}. */
    private static final Pattern JAVA_BLOCK =
            Pattern.compile("(?:<!-- (\\S+?)(?:: (\\S+)#(\\S+))? -->\\n)?```java\\n(.*?)```", Pattern.DOTALL);

    private static final Pattern SNIPPET = Pattern.compile("<!-- snippet: (\\S+)#\\S+ -->");
    private static final Pattern OURS =
            Pattern.compile("import (?:static )?dev\\.cacheproof\\.(?!samples\\.|spring\\.shop\\.).*;");
    private static final Pattern NAMED_TEST = Pattern.compile("`\\w+(?:Tests|TestCase|Contract)(?:\\.\\w+)?`");
    private static final Pattern TEXT_BLOCK = Pattern.compile("```text\\n(.*?)```", Pattern.DOTALL);

    @Test
    void everyBlockOfCodeIsExtractedFromTests() throws IOException {
        if (Boolean.getBoolean("pinned.update")) {
            Files.writeString(README, updated(read(README)));
        }
        String readme = read(README);
        Matcher block = JAVA_BLOCK.matcher(readme);
        List<String> checked = new ArrayList<>();
        while (block.find()) {
            assertThat(block.group(1))
                    .as("source of the snippet %s", block.group(4))
                    .isIn("snippet", "imports");
            assertThat(block.group(4)).isEqualTo(code(block, readme));
            checked.add(block.group(1));
        }
        assertThat(checked).hasSizeGreaterThan(5).containsOnlyOnce("imports");
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

    @Test
    void everyTestThatTheSamplesAreDescribedByExists() throws IOException {
        Map<String, String> tests = new HashMap<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("samples"))) {
            files.filter(file -> file.toString().endsWith(".java"))
                    .forEach(file -> tests.put(file.getFileName().toString().replace(".java", ""), read(file)));
        }
        List<String> named = NAMED_TEST
                .matcher(read(ROOT.resolve("samples/README.md")))
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(named).hasSizeGreaterThan(20).allSatisfy(name -> {
            String[] parts = name.replace("`", "").split("\\.", -1);
            assertThat(tests).containsKey(parts[0]);
            assertThat(tests.get(parts[0])).containsPattern("\\b(void|class) " + parts[parts.length - 1] + "\\b");
        });
    }

    private static String updated(String readme) {
        return JAVA_BLOCK
                .matcher(readme)
                .replaceAll(block -> Matcher.quoteReplacement(
                        readme.substring(block.start(), block.start(4)) + code(block, readme) + "```"));
    }

    private static String code(MatchResult block, String readme) {
        return block.group(2) == null ? imports(readme) : snippet(block.group(2), block.group(3));
    }

    /** Returns what the files of all snippets import of ours: whoever copies a snippet has to know where its names are. */
    private static String imports(String readme) {
        SortedSet<String> imports = SNIPPET.matcher(readme)
                .results()
                .flatMap(snippet -> read(ROOT.resolve(snippet.group(1))).lines())
                .filter(line -> OURS.matcher(line).matches())
                .collect(Collectors.toCollection(TreeSet::new));
        return Stream.of("import static ", "import dev.")
                .map(kind -> imports.stream()
                        .filter(line -> line.startsWith(kind))
                        .map(line -> line + "\n")
                        .collect(Collectors.joining()))
                .collect(Collectors.joining("\n"));
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
