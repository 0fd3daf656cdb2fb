package dev.cacheproof.fake.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Scripts that were written by hand. */
final class ScriptCorpus {

    private static final List<String> ARGUMENTS = List.of("2", "k", "k2", "1", "two", "3.7");

    private ScriptCorpus() {}

    /** Returns what Lua itself can do, and what its libraries can, each in a line. */
    static List<String> lines() {
        return Stream.of("scripts-language.txt", "scripts-libraries.txt")
                .flatMap(file -> read(file).lines())
                .filter(line -> !line.isBlank())
                .toList();
    }

    /** Returns scripts in the manner of those that clients send. */
    static List<String> ofClients() {
        return List.of(read("scripts-of-clients.txt").split("\n----\n", -1));
    }

    static Step eval(String script) {
        return eval("EVAL", script);
    }

    static Step eval(String command, String script) {
        return Step.command(
                0, Stream.concat(Stream.of(command, script), ARGUMENTS.stream()).toList());
    }

    private static String read(String file) {
        try (InputStream resource = Objects.requireNonNull(ScriptCorpus.class.getResourceAsStream(file), file)) {
            return new String(resource.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
