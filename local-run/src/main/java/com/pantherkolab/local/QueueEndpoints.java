package com.pantherkolab.local;

import com.pantherkolab.local.aws.LocalQueues;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// What an operator does to a queue by the AWS CLI, for the queues of local run: reads it, lays something into it,
/// gives its dead letters back, empties it. A queue is named by its logical id in `template.yaml`.
@RestController
class QueueEndpoints {
    private final LocalQueues queues;

    QueueEndpoints(LocalQueues queues) {
        this.queues = queues;
    }

    /// The bodies of all messages, one a line: a line break in a body becomes a space.
    @GetMapping(value = "/local/queues/{queue}", produces = "text/plain;charset=utf-8")
    ResponseEntity<String> read(@PathVariable String queue) {
        return of(
                queue,
                () -> ResponseEntity.ok(queues.bodies(queue).stream()
                        .map(body -> body.replaceAll("\\R", " ") + "\n")
                        .reduce("", String::concat)));
    }

    /// Lays a message into the queue, as `aws sqs send-message` does.
    @PostMapping("/local/queues/{queue}")
    ResponseEntity<String> send(@PathVariable String queue, @RequestBody byte[] body) {
        return of(queue, () -> {
            queues.send(queue, new String(body, StandardCharsets.UTF_8));
            return ResponseEntity.noContent().build();
        });
    }

    /// Gives dead letters back to the queue that they came from, as `aws sqs start-message-move-task` does.
    @PostMapping("/local/queues/{queue}/redrive")
    ResponseEntity<Map<String, Integer>> redrive(@PathVariable String queue) {
        return of(queue, () -> ResponseEntity.ok(Map.of("moved", queues.redrive(queue))));
    }

    /// Empties it, as `aws sqs purge-queue` does.
    @DeleteMapping("/local/queues/{queue}")
    ResponseEntity<String> purge(@PathVariable String queue) {
        return of(queue, () -> {
            queues.purge(queue);
            return ResponseEntity.noContent().build();
        });
    }

    private <T> ResponseEntity<T> of(String queue, Supplier<ResponseEntity<T>> answer) {
        return queues.exists(queue) ? answer.get() : ResponseEntity.notFound().build();
    }
}
