package dev.cacheproof.fake.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cacheproof.servers.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The list of the commands of redis-server 7.0, and that the fake answers none that is not in it. */
class RealCommandsTests {

    /** Is newer, and sent by every current client. */
    private static final List<String> NEWER = List.of("client|setinfo");

    @Test
    @Tag("real-server")
    void areThoseThatRedisServerTells() throws IOException {
        List<String> told;
        try (RedisServer server = RedisServer.startInstalled(Map.of());
                Wire wire = new Wire(server.uri().getPort())) {
            told = wire.ask("COMMAND", "LIST")
                    .lines()
                    .filter(line -> !line.startsWith("*") && !line.startsWith("$"))
                    .sorted()
                    .toList();
        }
        Path list = Path.of("src/main/resources/dev/cacheproof/fake/redis", RealCommands.LIST);
        if (Boolean.getBoolean("pinned.update")) {
            Files.write(list, told);
        }
        assertThat(Files.readAllLines(list)).isEqualTo(told);
    }

    @Test
    void containAllThatTheFakeKnows() {
        for (Command each : CommandTable.all()) {
            assertThat(RealCommands.contains(each.name())).as(each.name()).isTrue();
            each.subcommands()
                    .forEach(subcommand -> assertThat(RealCommands.contains(subcommand.name()))
                            .as(subcommand.name())
                            .isEqualTo(!NEWER.contains(subcommand.name())));
        }
    }
}
