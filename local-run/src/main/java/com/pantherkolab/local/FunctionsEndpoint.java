package com.pantherkolab.local;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// `POST /functions/{name}`: invokes a deployed function with an event as `aws lambda invoke` would.
///
/// The body is the event, byte for byte, and no header of the request reaches the function. That is why it is not
/// the web endpoint of Spring Cloud Function, which unwraps a JSON array, lets a header `payload` take the body's
/// place and reflects request headers into the answer.
@RestController
class FunctionsEndpoint {
    private final Map<String, UnaryOperator<byte[]>> functions;

    /// @param functions what `template.yaml` deploys, by the name of the function bean
    FunctionsEndpoint(Map<String, UnaryOperator<byte[]>> functions) {
        this.functions = Map.copyOf(functions);
    }

    @PostMapping("/functions/{name}")
    ResponseEntity<byte[]> invoke(@PathVariable String name, @RequestBody(required = false) byte[] event) {
        UnaryOperator<byte[]> function = functions.get(name);
        if (function == null) {
            return LocalGateway.refused(HttpStatus.NOT_FOUND, "Function not found: nothing of this name is deployed.");
        }
        try {
            return ResponseEntity.ok()
                    .contentType(MediaType.APPLICATION_JSON)
                    .body(function.apply(event == null ? new byte[0] : event));
        } catch (RuntimeException failed) {
            // As the Lambda service tells it: 200, and this header.
            return ResponseEntity.ok()
                    .header("x-amz-function-error", "Unhandled")
                    .contentType(MediaType.APPLICATION_JSON)
                    .body("{\"errorMessage\":\"the function failed\"}".getBytes(StandardCharsets.UTF_8));
        }
    }
}
