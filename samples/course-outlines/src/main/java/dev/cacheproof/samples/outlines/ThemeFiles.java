package dev.cacheproof.samples.outlines;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** Looks themes up in the file system, which is slow, and was called thousands of times for one page. */
public final class ThemeFiles {

    private final Path root;

    /**
     * Creates the look-up.
     *
     * @param root the folder with a folder for each site
     */
    public ThemeFiles(Path root) {
        this.root = root;
    }

    /**
     * Finds the theme of a site.
     *
     * @param site the site's name
     * @return the theme; empty for a site without one
     * @throws IOException if the file cannot be read
     */
    public Optional<Theme> find(String site) throws IOException {
        Path file = root.resolve(site).resolve("theme.properties");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return Optional.of(new Theme(properties.getProperty("name"), properties.getProperty("colour")));
    }
}
