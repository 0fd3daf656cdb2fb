package dev.cacheproof.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.fake.redis.FakeRedis;
import dev.cacheproof.junit.Fake;
import dev.cacheproof.spring.shop.Shop;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.aot.TestContextAotGenerator;

/** Contexts that are processed ahead of time. */
class AotTests {

    /** What is ours is put into the generated context by the customizer, which Spring calls then as well. */
    @Test
    void onlyWhatIsOfTheApplicationIsGenerated() throws IOException {
        InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
        new TestContextAotGenerator(files).processAheadOfTime(Stream.of(ServedTestCase.class));

        Map<String, String> sources = new TreeMap<>();
        for (String path : files.getGeneratedFiles(Kind.SOURCE).keySet()) {
            sources.put(path, files.getGeneratedFileContent(Kind.SOURCE, path));
        }
        assertThat(sources.keySet()).anyMatch(path -> path.contains("/Books_"));
        assertThat(sources.values())
                .noneMatch(source -> source.contains("ScopeFilter") || source.contains("127.0.0.1"));
    }

    @SpringBootTest(classes = Shop.class)
    static class ServedTestCase {
        @Fake
        FakeRedis redis;
    }
}
