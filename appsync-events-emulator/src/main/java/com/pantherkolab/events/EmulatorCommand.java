package com.pantherkolab.events;

import com.pantherkolab.events.auth.UserPool;
import com.pantherkolab.events.template.CloudFormationTemplate;
import com.pantherkolab.events.template.EventApi;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The emulator from a command line. It runs until it is interrupted.
///
/// It prints its two endpoints and is meant for trying things out; the secret of an access key on a command line
/// can be read by every user of the machine, so make one up.
public final class EmulatorCommand {

    private static final String USAGE = """
      usage: --template FILE [--port PORT] [--region REGION]
             [--jwks URL --issuer ISSUER --audience CLIENT_ID]
             [--access-key ID --secret-key SECRET] [--api-key KEY]
      """;

    private static final Set<String> KNOWN =
            Set.of("template", "port", "region", "jwks", "issuer", "audience", "access-key", "secret-key", "api-key");

    private EmulatorCommand() {}

    /// Starts an emulator, or says what is wrong with the arguments and exits with 2.
    public static void main(String... arguments) throws IOException, InterruptedException {
        try {
            Map<String, String> named = named(List.of(arguments));
            EventApi api = EventApi.from(CloudFormationTemplate.read(Path.of(required(named, "template"))));
            try (var emulator = AppSyncEventsEmulator.start(api, options(named))) {
                System.out.println("publish   " + emulator.httpEndpoint());
                System.out.println("subscribe " + emulator.realtimeEndpoint());
                Thread.currentThread().join();
            }
        } catch (IllegalArgumentException invalid) {
            System.err.println(invalid.getMessage());
            System.err.print(USAGE);
            System.exit(2);
        }
    }

    static EmulatorOptions options(Map<String, String> named) {
        EmulatorOptions options = EmulatorOptions.DEFAULTS.withPort(port(named));
        if (named.containsKey("region")) {
            options = options.withRegion(required(named, "region"));
        }
        if (named.containsKey("jwks")) {
            options = options.withUserPool(new UserPool(
                    URI.create(required(named, "jwks")), required(named, "issuer"), required(named, "audience")));
        }
        if (named.containsKey("access-key")) {
            options = options.withAccessKey(required(named, "access-key"), required(named, "secret-key"));
        }
        if (named.containsKey("api-key")) {
            options = options.withApiKeys(required(named, "api-key"));
        }
        return options;
    }

    static Map<String, String> named(List<String> arguments) {
        Map<String, String> named = new LinkedHashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String argument = arguments.get(i);
            String name = argument.startsWith("--") ? argument.substring(2) : "";
            if (!KNOWN.contains(name)) {
                throw new IllegalArgumentException(argument + " is not an option");
            }
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(argument + " has no value");
            }
            if (named.put(name, arguments.get(i + 1)) != null) {
                throw new IllegalArgumentException(argument + " is given twice");
            }
        }
        return named;
    }

    private static int port(Map<String, String> named) {
        try {
            return Integer.parseInt(named.getOrDefault("port", "0"));
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("--port must be a number", notANumber);
        }
    }

    private static String required(Map<String, String> named, String name) {
        return Optional.ofNullable(named.get(name))
                .orElseThrow(() -> new IllegalArgumentException("--" + name + " is missing"));
    }
}
