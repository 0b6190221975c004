package com.pantherkolab.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.pantherkolab.events.auth.UserPool;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmulatorCommandTest {

    @Test
    void turnsItsArgumentsIntoOptions() {
        var options = options(
                "--template",
                "template.yaml",
                "--port",
                "8081",
                "--region",
                "eu-central-1",
                "--jwks",
                "http://localhost:8080/jwks",
                "--issuer",
                "http://localhost:8080",
                "--audience",
                "local",
                "--access-key",
                "AK",
                "--secret-key",
                "SK",
                "--api-key",
                "da2-local");

        assertThat(options.port()).isEqualTo(8081);
        assertThat(options.region()).isEqualTo("eu-central-1");
        assertThat(options.userPool())
                .contains(new UserPool(URI.create("http://localhost:8080/jwks"), "http://localhost:8080", "local"));
        assertThat(options.accessKeys()).isEqualTo(Map.of("AK", "SK"));
        assertThat(options.apiKeys()).isEqualTo(Set.of("da2-local"));
        assertThat(options.toString()).doesNotContain("SK", "da2-local");
    }

    @ParameterizedTest
    @CsvSource({
        "--prot 1,                   --prot is not an option",
        "port 1,                     port is not an option",
        "--port,                     --port has no value",
        "--port 1 --port 2,          --port is given twice",
        "--port x,                   --port must be a number",
        "--port 65536,               port must be between 0 and 65535",
        "--jwks http://localhost,    --issuer is missing",
        "--access-key AK,            --secret-key is missing"
    })
    void saysWhatIsWrongWithThem(String arguments, String message) {
        assertThatThrownBy(() -> options(arguments.split(" ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static EmulatorOptions options(String... arguments) {
        return EmulatorCommand.options(EmulatorCommand.named(List.of(arguments)));
    }
}
