package dev.cacheproof.spring.reading;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.springframework.core.task.TaskExecutor;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

@RestController
class DeskController {

    private final Desk desk;
    private final TaskExecutor executor;

    DeskController(Desk desk, TaskExecutor executor) {
        this.desk = desk;
        this.executor = executor;
    }

    @GetMapping("/direct/{queries}")
    String direct(@PathVariable("queries") int queries) {
        return desk.browse(queries);
    }

    @GetMapping("/async/{queries}")
    CompletableFuture<String> async(@PathVariable("queries") int queries) {
        return desk.browseLater(queries);
    }

    @GetMapping("/callable/{queries}")
    Callable<String> callable(@PathVariable("queries") int queries) {
        return () -> desk.browse(queries);
    }

    @GetMapping("/deferred/{queries}")
    DeferredResult<String> deferred(@PathVariable("queries") int queries) {
        DeferredResult<String> result = new DeferredResult<>();
        executor.execute(() -> result.setResult(desk.browse(queries)));
        return result;
    }

    @GetMapping("/stream/{queries}")
    ResponseEntity<StreamingResponseBody> stream(@PathVariable("queries") int queries) {
        return ResponseEntity.ok(body -> body.write(desk.browse(queries).getBytes(StandardCharsets.UTF_8)));
    }

    /** The answer arrives before the work is done. */
    @GetMapping("/answered/{queries}")
    void answered(@PathVariable("queries") int queries, HttpServletResponse response) throws IOException {
        byte[] answer = ("browsed " + queries).getBytes(StandardCharsets.UTF_8);
        response.setContentLength(answer.length);
        response.getOutputStream().write(answer);
        response.flushBuffer();
        desk.browse(queries);
    }
}
