package com.pantherkolab.local.lambda;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/// What a function of the template is started with, where there is no template to read.
///
/// It stands in a file of properties, `FUNCTION.VARIABLE=value`, with `${aws}` for whatever answers for AWS. Beside
/// the variables are two that are none, in small letters: `handler`, and `event`, a file's name.
///
/// @param handler as Lambda names it
/// @param event the name of the file of its sample event
/// @param variables those of the template
public record FunctionSettings(String handler, String event, Map<String, String> variables) {

    /// Reads those of one function.
    ///
    /// @throws NullPointerException where the file has no such function
    public static FunctionSettings read(Path file, String function) throws IOException {
        Properties all = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            all.load(reader);
        }
        Map<String, String> settings = new HashMap<>();
        String prefix = function + ".";
        for (String name : all.stringPropertyNames()) {
            if (name.startsWith(prefix)) {
                settings.put(name.substring(prefix.length()), all.getProperty(name));
            }
        }
        return new FunctionSettings(
                required(settings, "handler", function), required(settings, "event", function), settings);
    }

    /// The variables, and those by which a function finds AWS, where nobody's credentials will do.
    public Map<String, String> environment(EmptyAws aws) {
        Map<String, String> environment = new HashMap<>(variables);
        environment.replaceAll(
                (_, value) -> value.replace("${aws}", aws.endpoint().getAuthority()));
        environment.putAll(Map.of(
                "AWS_ENDPOINT_URL", aws.endpoint().toString(),
                "AWS_REGION", "us-east-1",
                "AWS_ACCESS_KEY_ID", "nobody",
                "AWS_SECRET_ACCESS_KEY", "nobody"));
        return environment;
    }

    private static String required(Map<String, String> settings, String name, String function) {
        return Objects.requireNonNull(settings.remove(name), () -> "no function " + function + ", or no " + name);
    }
}
