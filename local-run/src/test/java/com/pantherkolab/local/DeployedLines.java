package com.pantherkolab.local;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import com.pantherkolab.events.template.Section;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.logging.logback.StructuredLogEncoder;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/// Log lines as the functions of `template.yaml` write them: by its variables, and by Spring Boot's own encoder.
final class DeployedLines {
    private final StructuredLogEncoder encoder = new StructuredLogEncoder();

    DeployedLines() {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SystemEnvironmentPropertySource(
                        "template-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables()));
        LoggerContext context = new LoggerContext();
        context.putObject(Environment.class.getName(), environment);
        encoder.setContext(context);
        encoder.setFormat(environment.getRequiredProperty("logging.structured.format.console"));
        encoder.start();
    }

    /// The line, without its end.
    String of(ILoggingEvent event) {
        return new String(encoder.encode(event), StandardCharsets.UTF_8).stripTrailing();
    }

    private static Map<String, Object> variables() {
        try {
            Section globals = Deployment.read(Deployment.find())
                    .template()
                    .root()
                    .section("Globals")
                    .flatMap(it -> it.section("Function"))
                    .flatMap(it -> it.section("Environment"))
                    .flatMap(it -> it.section("Variables"))
                    .orElseThrow();
            Map<String, Object> variables = new HashMap<>();
            globals.values().forEach((name, value) -> variables.put(name, value.toString()));
            return variables;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
