package com.pantherkolab.local;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;

/// A LocalStack for the tests of this JVM: the one that `LOCALSTACK_ENDPOINT` names, else one that Docker runs.
/// Where there is neither, the suite is skipped, and says why.
///
/// The image is that of `-Dlocalstack.image=…`, or [#IMAGE]: the last that wants no token.
final class LocalStack {
    private static final Logger log = LoggerFactory.getLogger(LocalStack.class);

    /// Why the suite is skipped where it is.
    static final String MISSING =
            "LOCALSTACK_ENDPOINT names no LocalStack, and there is no Docker to run one: see CONTRIBUTING.md";

    private static final String IMAGE = "localstack/localstack:4.14.0";

    private static @Nullable URI endpoint;

    private LocalStack() {}

    /// Where it answers.
    static synchronized URI endpoint() {
        URI found = endpoint;
        if (found == null) {
            found = find();
            log.info("LocalStack is at {}", found);
            endpoint = found;
        }
        return found;
    }

    /// Whether there is one, or Docker to run one.
    static boolean isToBeHad() {
        return running() != null || DockerClientFactory.instance().isDockerAvailable();
    }

    private static URI find() {
        String running = running();
        return running == null ? inDocker(System.getProperty("localstack.image", IMAGE)) : URI.create(running);
    }

    private static @Nullable String running() {
        String given = System.getenv("LOCALSTACK_ENDPOINT");
        return given == null || given.isBlank() ? null : given;
    }

    /// Testcontainers stops it when this JVM ends.
    private static URI inDocker(String image) {
        LocalStackContainer container = new LocalStackContainer(
                        DockerImageName.parse(image).asCompatibleSubstituteFor("localstack/localstack"))
                .withServices("cloudformation", "dynamodb", "dynamodbstreams", "iam", "kms", "s3", "sqs", "sts")
                // Streams as DynamoDB Local has them; the other way makes them up from a stand-in of Kinesis.
                .withEnv("PROVIDER_OVERRIDE_DYNAMODB", "v2")
                .withEnv("PROVIDER_OVERRIDE_DYNAMODBSTREAMS", "v2");
        container.start();
        return container.getEndpoint();
    }
}
