package dev.cacheproof.servers;

import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** A Redis in a container. Loaded only where one is asked for: nobody else needs Testcontainers. */
final class RedisContainer implements StartedRedis {

    private static final int PORT = 6379;

    private final GenericContainer<?> container;

    private RedisContainer(GenericContainer<?> container) {
        this.container = container;
    }

    /**
     * Starts a container, and pulls its image where that is not on this machine.
     *
     * @throws IllegalArgumentException if that is no name of an image
     * @throws IllegalStateException if no Docker engine answers, or the container does not start
     */
    @SuppressWarnings("resource") // closed by whoever is given the server
    static RedisContainer start(String image) {
        DockerImageName name = name(image);
        try {
            GenericContainer<?> container = new GenericContainer<>(name)
                    .withExposedPorts(PORT)
                    .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*", 1));
            container.start();
            return new RedisContainer(container);
        } catch (ContainerLaunchException | IllegalStateException notStarted) {
            throw new IllegalStateException(
                    "No Redis can be started from the image \"" + image + "\", which cacheproof.redis.image names: "
                            + notStarted.getMessage(),
                    notStarted);
        }
    }

    private static DockerImageName name(String image) {
        try {
            DockerImageName name = DockerImageName.parse(image);
            name.assertValid();
            return name;
        } catch (IllegalArgumentException noName) {
            throw new IllegalArgumentException(
                    "cacheproof.redis.image must be the name of an image, such as redis:7, but is \"" + image + "\"",
                    noName);
        }
    }

    @Override
    public String host() {
        return container.getHost();
    }

    @Override
    public int port() {
        return container.getMappedPort(PORT);
    }

    @Override
    public void close() {
        container.stop();
    }
}
