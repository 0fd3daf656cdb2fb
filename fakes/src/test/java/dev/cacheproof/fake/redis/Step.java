package dev.cacheproof.fake.redis;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One step of a comparison: a command on one of two connections, or time that passes. A word like {@code @s+5} or
 * {@code @ms-20} stands for a time that far from the present.
 */
record Step(int connection, List<String> words, long millis) {

    static Step command(int connection, List<String> words) {
        return new Step(connection, words, 0);
    }

    static Step pass(long millis) {
        return new Step(-1, List.of(), millis);
    }

    boolean isTime() {
        return connection < 0;
    }

    List<String> resolve(long nowMillis) {
        return words.stream().map(word -> resolve(word, nowMillis)).toList();
    }

    private static String resolve(String word, long nowMillis) {
        if (word.startsWith("@s")) {
            return String.valueOf(nowMillis / 1_000 + Long.parseLong(word.substring(2)));
        }
        return word.startsWith("@ms") ? String.valueOf(nowMillis + Long.parseLong(word.substring(3))) : word;
    }

    @Override
    public String toString() {
        return isTime()
                ? millis + " ms pass"
                : "connection " + connection + ": "
                        + words.stream().map(Step::quoted).collect(Collectors.joining(" "));
    }

    static String quoted(String word) {
        StringBuilder text = new StringBuilder();
        word.chars().forEach(each -> {
            if (each < ' ' || each > '~') {
                text.append(String.format("\\x%02x", each));
            } else {
                text.append((char) each);
            }
        });
        return word.isEmpty() || word.contains(" ") ? "\"" + text + "\"" : text.toString();
    }
}
