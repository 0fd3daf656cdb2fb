package dev.cacheproof.fake.redis.script;

import java.util.List;

/**
 * What the first line of a script declares.
 *
 * @param declared whether there is such a line
 * @param writes whether the script may write
 * @param body where the Lua begins
 */
record Flags(boolean declared, boolean writes, int body) {

    private static final List<String> KNOWN =
            List.of("no-writes", "allow-oom", "allow-stale", "no-cluster", "allow-cross-slot-keys");

    static Flags read(String source) throws SyntaxError {
        if (!source.startsWith("#!")) {
            return new Flags(false, true, 0);
        }
        int end = source.indexOf('\n');
        if (end < 0) {
            throw new SyntaxError("Invalid script shebang");
        }
        String[] words = source.substring(0, end).strip().split("\\s+", -1);
        if (!words[0].equals("#!lua")) {
            throw new SyntaxError("Unexpected engine in script shebang: " + words[0]);
        }
        boolean writes = true;
        for (int i = 1; i < words.length; i++) {
            if (!words[i].startsWith("flags=")) {
                throw new SyntaxError("Unknown lua shebang option: " + words[i]);
            }
            String flags = words[i].substring("flags=".length());
            for (String flag : flags.isEmpty() ? new String[0] : flags.split(",", -1)) {
                if (!KNOWN.contains(flag)) {
                    throw new SyntaxError("Unexpected flag in script shebang: " + flag);
                }
                writes &= !flag.equals("no-writes");
            }
        }
        return new Flags(true, writes, end);
    }
}
