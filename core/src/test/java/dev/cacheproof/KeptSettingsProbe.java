package dev.cacheproof;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Run by {@link SettingsTests}: changes a setting while a scope is open. */
final class KeptSettingsProbe {

    private KeptSettingsProbe() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Scope scope = Scope.open("open")) {
            System.setProperty("cacheproof.values", "shown");
            out.print(values());
            try (Scope inside = Scope.open("inside")) {
                out.print(", inside " + values());
            }
        }
        out.println(", then " + values());
    }

    private static Settings.Values values() {
        return Settings.current().values();
    }
}
