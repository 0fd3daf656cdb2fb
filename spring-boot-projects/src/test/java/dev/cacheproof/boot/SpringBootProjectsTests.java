package dev.cacheproof.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.boot.Project.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The projects depend on cacheproof-spring, and their tests have an annotation: nothing else is set up. A build takes half a
 * minute, most of which is Maven's, so each project is built in one test, in one way after the other.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class SpringBootProjectsTests {

    private static final String VERSION = System.getProperty("cacheproof.version");

    private Path folder;
    private UsersRepository repository;

    static Stream<String> springBoots() {
        return Stream.of(System.getProperty("spring-boot.versions").split(","));
    }

    @BeforeEach
    void makeRepository() throws IOException {
        folder = Files.createTempDirectory("spring-boot-projects");
        repository = UsersRepository.create(
                folder.resolve("repository"),
                Path.of(System.getProperty("maven.repository")).toRealPath(),
                Path.of("..").toRealPath(),
                VERSION);
    }

    @AfterEach
    void deleteFolder() throws IOException {
        UsersRepository.delete(folder);
    }

    private Project project(String springBoot, String... parts) throws IOException {
        Path home = folder.resolve(String.join("-", parts));
        return Project.of(home, repository.folder(), springBoot, VERSION, parts);
    }

    @ParameterizedTest
    @MethodSource("springBoots")
    void isolatesAndCountsInAnyOrder(String springBoot) throws IOException, InterruptedException {
        Project project = project(springBoot, "shop", "isolated");
        int tests = 4 * 5 + 3 * 20 + 3 + 1;
        int seed = new Random().nextInt(1, 1_000_000);
        String[] inRandomOrder = {
            "junit.jupiter.testclass.order.default=org.junit.jupiter.api.ClassOrderer$Random",
            "junit.jupiter.testmethod.order.default=org.junit.jupiter.api.MethodOrderer$Random",
            "junit.jupiter.execution.order.random.seed=" + seed
        };
        String[] onFourThreads = {
            "junit.jupiter.execution.parallel.enabled=true",
            "junit.jupiter.execution.parallel.mode.default=concurrent",
            "junit.jupiter.execution.parallel.config.strategy=fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism=4"
        };

        project.test("one after another, seed " + seed, inRandomOrder).passes(tests);
        project.test(
                        "on four threads, seed " + seed,
                        Stream.of(inRandomOrder, onFourThreads)
                                .flatMap(Stream::of)
                                .toArray(String[]::new))
                .passes(tests);
    }

    @ParameterizedTest
    @MethodSource("springBoots")
    void reportsOnASuiteThatKnowsNothingOfIt(String springBoot) throws IOException, InterruptedException {
        Build build = project(springBoot, "shop", "existing")
                .test("report", "cacheproof.mode=report")
                .passes(3);

        assertThat(build.text())
                .contains("BooksTests.fetchesATitle() has left in the cache titles: 1 new entry [1]")
                .contains("BooksTests.fetchesAnother() has left in the cache titles: 1 new entry [2]");
    }

    /** A pool, a second client of Redis, a provider of JCache, and Hibernate's second level, all as Spring Boot makes them. */
    @ParameterizedTest
    @MethodSource("springBoots")
    void watchesWhatSpringBootMakes(String springBoot) throws IOException, InterruptedException {
        project(springBoot, "library").test("library").passes(17);
    }
}
