package dev.cacheproof;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Run by {@link SettingsTests} with properties and an environment of its own. */
final class SettingsProbe {

    private SettingsProbe() {}

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        out.println(Settings.current());
        out.println(
                Settings.resolve(name -> name.equals("cacheproof.values") ? Optional.of("shown") : Optional.empty()));
    }
}
