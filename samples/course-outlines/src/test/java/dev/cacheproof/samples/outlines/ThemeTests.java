package dev.cacheproof.samples.outlines;

import static dev.cacheproof.query.CachingContract.loads;
import static dev.cacheproof.query.QueryAssertions.assertCaching;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.Loads;
import dev.cacheproof.junit.CacheIsolation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@CacheIsolation(only = "themes")
class ThemeTests {

    @TempDir
    Path root;

    Themes themes;

    // tag::themes[]
    @BeforeEach
    void countFileLookUps() {
        ThemeFiles files = new ThemeFiles(root);
        themes = new Themes(site -> Loads.counted("theme files", () -> files.find(site)));
    }

    @Test
    void aThemeIsLookedUpOnce() throws IOException {
        Path folder = Files.createDirectory(root.resolve("physics"));
        Files.writeString(folder.resolve("theme.properties"), "name = Dark\ncolour = #222222\n");

        assertThat(assertCaching(loads("theme files").cold(1).warm(0), () -> themes.find("physics")))
                .contains(new Theme("Dark", "#222222"));
    }
    // end::themes[]

    @Test
    void aSiteWithoutAThemeIsLookedUpOnce() {
        assertThat(assertCaching(loads("theme files").cold(1).warm(0), () -> themes.find("poetry")))
                .isEmpty();
    }
}
