package dev.cacheproof.fake.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** The names of the commands that redis-server 7.0 knows, so that one that the fake lacks is told from a mistake. */
final class RealCommands {

    static final String LIST = "redis-7.0-commands.txt";

    private RealCommands() {}

    /** Says whether redis-server knows a command, given in lower case; that of a subcommand is {@code container|name}. */
    static boolean contains(String name) {
        return Names.ALL.contains(name);
    }

    /** Read when a command was unknown for the first time. */
    private static final class Names {

        static final Set<String> ALL = read();

        private static Set<String> read() {
            try (InputStream list = Objects.requireNonNull(RealCommands.class.getResourceAsStream(LIST), LIST);
                    BufferedReader lines = new BufferedReader(new InputStreamReader(list, StandardCharsets.US_ASCII))) {
                return lines.lines().collect(Collectors.toUnmodifiableSet());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
