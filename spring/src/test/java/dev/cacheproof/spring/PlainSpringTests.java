package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainSpringTests {

    /** What an application does not have must not be missed. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring-web|servlet|tomcat-embed|spring-boot|reactor|reactive",
                "servlet|tomcat-embed",
                "spring-webflux|reactor|reactive"
            })
    void worksWithout(String libraries) throws Exception {
        Pattern missing = Pattern.compile("(" + libraries + ")[^/]*\\.jar");
        URL[] urls = Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getProperty("java.class.path"))
                .filter(entry -> !missing.matcher(Path.of(entry).getFileName().toString())
                        .lookingAt())
                .map(PlainSpringTests::url)
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            FutureTask<Object> probe = new FutureTask<>(() -> loader.loadClass(PlainSpringProbe.class.getName())
                    .getMethod("isWatched")
                    .invoke(null));
            Thread thread = new Thread(probe);
            thread.setContextClassLoader(loader);
            thread.start();
            assertThat(probe.get(60, TimeUnit.SECONDS)).isEqualTo(true);
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
